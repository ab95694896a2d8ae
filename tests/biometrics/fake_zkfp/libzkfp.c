/* A stand-in for ZKTeco's native library under the unmodified wrapper, told what to do by the folder FAKE_ZKFP:
 *   device      "width height dpi serial", one line
 *   codes       lines "Call value": what a call returns instead of working; "abort" kills the process, "hang" never returns,
 *               "once-17" is -17 and ends all that was told. Read anew at every call, so a test can pull the plug in the middle.
 *   NNNN.cap    a capture, taken in the order of the names and deleted: two little-endian int32 (finger, impression), then
 *               width * height grey bytes; finger 0 is a bad print (-9). No capture left: no finger (-8).
 *   calls       written: the name of every call, in order.
 * Exported are the entry points that the .NET assembly asks for; return codes as in its class zkfperrdef. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ALREADY = 1, OK = 0, NO_DEVICE = -3, UNSUPPORTED = -4, SMALL = -5, BAD_HANDLE = -7, NO_FINGER = -8, BAD_PRINT = -9 };
enum { TAG = 0x5A4B, LIMIT = 64 };

static int ready, opened, width, height, dpi;
static char serial[LIMIT];

static FILE *in_folder(const char *name, const char *mode) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", getenv("FAKE_ZKFP"), name);
    return fopen(path, mode);
}

static void forget(const char *name) {
    char path[1400];
    snprintf(path, sizeof path, "%s/%s", getenv("FAKE_ZKFP"), name);
    unlink(path);
}

/* Note the call; obey the line of `codes` that names it. Returns whether there is one, and its value. */
static int told(const char *call, int *value) {
    char name[LIMIT], what[LIMIT];
    int found = 0;
    FILE *file = in_folder("calls", "a");
    if (file) { fprintf(file, "%s\n", call); fclose(file); }
    if (!(file = in_folder("codes", "r"))) return 0;
    while (!found && fscanf(file, "%63s %63s", name, what) == 2) found = !strcmp(name, call);
    fclose(file);
    if (found && !strcmp(what, "abort")) abort();
    if (found && !strcmp(what, "hang")) for (;;) sleep(60);
    int once = found && !strncmp(what, "once", 4);
    if (once) forget("codes");
    if (found) *value = atoi(once ? what + 4 : what);
    return found;
}

#define TOLD(call) do { int value; if (told(call, &value)) return value; } while (0)

int ZKFPM_Init(void) {
    TOLD("Init");
    puts("libzkfp: drivers talk"); /* which must not be taken for an answer */
    fflush(stdout);
    if (ready) return ALREADY;
    ready = 1;
    return OK;
}

int ZKFPM_Terminate(void) { TOLD("Terminate"); ready = opened = 0; return OK; }
int ZKFPM_GetDeviceCount(void) {
    TOLD("GetDeviceCount");
    FILE *file = in_folder("device", "r");
    if (file) fclose(file);
    return ready && file != NULL;
}

void *ZKFPM_OpenDevice(int index) {
    int value;
    if (told("OpenDevice", &value)) return NULL;
    FILE *file = in_folder("device", "r");
    if (!file || !ready || index != 0) { if (file) fclose(file); return NULL; }
    int read = fscanf(file, "%d %d %d %63s", &width, &height, &dpi, serial);
    fclose(file);
    if (read < 3) return NULL;
    if (read == 3) serial[0] = 0;
    opened = 1;
    return (void *)(intptr_t)TAG;
}

static int is_open(void *handle) { return opened && (intptr_t)handle == TAG; }
int ZKFPM_CloseDevice(void *handle) { TOLD("CloseDevice"); if (!is_open(handle)) return BAD_HANDLE; opened = 0; return OK; }

int ZKFPM_GetCaptureParamsEx(void *handle, int *w, int *h, int *d) {
    TOLD("GetCaptureParamsEx");
    if (!is_open(handle)) return BAD_HANDLE;
    *w = width; *h = height; *d = dpi;
    return OK;
}

int ZKFPM_GetParameters(void *handle, int code, unsigned char *out, int *size) {
    char call[LIMIT];
    snprintf(call, sizeof call, "GetParameters:%d", code);
    TOLD(call);
    TOLD("GetParameters");
    if (!is_open(handle)) return BAD_HANDLE;
    if (code == 1103) { /* the whole buffer: text and NULs, as the devices do it */
        if (*size < (int)sizeof serial) return SMALL;
        memcpy(out, serial, sizeof serial);
        *size = sizeof serial;
        return OK;
    }
    int32_t value = code == 1 ? width : code == 2 ? height : code == 3 ? dpi : code == 106 ? width * height : -1;
    if (value < 0) return UNSUPPORTED;
    if (*size < 4) return SMALL;
    memcpy(out, &value, 4);
    *size = 4;
    return OK;
}

int ZKFPM_SetParameters(void *handle, int code, unsigned char *in, int size) {
    (void)code; (void)in; (void)size;
    TOLD("SetParameters");
    return is_open(handle) ? OK : BAD_HANDLE;
}

static int first_capture(char *name) {
    DIR *folder = opendir(getenv("FAKE_ZKFP"));
    struct dirent *entry;
    name[0] = 0;
    while (folder && (entry = readdir(folder)))
        if (strstr(entry->d_name, ".cap") && (!name[0] || strcmp(entry->d_name, name) < 0)) strcpy(name, entry->d_name);
    if (folder) closedir(folder);
    return name[0] != 0;
}

int ZKFPM_AcquireFingerprint(void *handle, unsigned char *image, unsigned room, unsigned char *features, int *size) {
    TOLD("AcquireFingerprint");
    char name[256];
    int32_t who[2] = {0, 0};
    if (!is_open(handle)) return BAD_HANDLE;
    if (room < (unsigned)(width * height) || *size < 2048) return SMALL;
    if (!first_capture(name)) return NO_FINGER;
    FILE *file = in_folder(name, "rb");
    size_t read = file ? fread(who, 4, 2, file) : 0;
    if (read == 2) read = fread(image, 1, (size_t)width * height, file);
    if (file) fclose(file);
    forget(name);
    if (who[0] == 0) return BAD_PRINT;
    memset(features, 0, *size);
    memcpy(features, who, sizeof who);
    *size = 512;
    return OK;
}

int ZKFPM_AcquireFingerprintImage(void *handle, unsigned char *image, unsigned room) {
    unsigned char features[2048];
    int size = sizeof features;
    return ZKFPM_AcquireFingerprint(handle, image, room, features, &size);
}

/* The cache of templates: the wrapper's OpenDevice makes one. POSKO uses none of it. */
void *ZKFPM_CreateDBCache(void) { return (void *)(intptr_t)TAG; }
int ZKFPM_CloseDBCache(void *cache) { (void)cache; return OK; }
