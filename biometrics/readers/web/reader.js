// One U are U 4500 behind the HID client of this PC, through HID's WebSDK (Fingerprint, a global of the vendored file).
// Tells `tell(name, detail)`: ready {serial, isVolatile}, unplugged, quality {code}, sample {png, serial}, trouble {why, detail}.

const PNG = Fingerprint.SampleFormat.PngImage;
const VOLATILE = Fingerprint.DeviceUidType.Volatile;
const LOOK_AGAIN = 2000; // milliseconds; a client may tell of readers only while it captures

export class Reader {
  #tell;
  #api = new Fingerprint.WebApi();
  #isStarted = false;
  #isOver = false;
  #timer = 0;

  constructor(tell) {
    this.#tell = tell;
  }

  async open() {
    this.#api.onCommunicationFailed = () => this.#lost();
    this.#api.onDeviceConnected = this.#api.onDeviceDisconnected = () => this.#look();
    this.#api.onQualityReported = (event) => this.#say("quality", { code: event.quality });
    this.#api.onErrorOccurred = (event) => this.#say("trouble", { why: "READER_FAILED", detail: hex(event.error) });
    this.#api.onSamplesAcquired = (event) => this.#sample(event);
    await this.#look();
  }

  async close() {
    this.#isOver = true;
    const channel = this.#api.webChannel;
    if (!channel.isConnected()) return channel.disconnect();
    try {
      await this.#api.stopAcquisition();
    } finally {
      channel.disconnect();
    }
  }

  // One question after the other: the SDK opens a channel for each that is asked before the first is there.
  async #look() {
    try {
      const [serial] = await this.#api.enumerateDevices();
      if (serial === undefined) {
        this.#say("unplugged");
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#isOver || this.#look(), LOOK_AGAIN);
        return;
      }
      if (!this.#isStarted) await this.#api.startAcquisition(PNG);
      this.#isStarted = true;
      const { eUidType } = await this.#api.getDeviceInfo(serial);
      this.#say("ready", { serial, isVolatile: eUidType === VOLATILE });
    } catch (error) {
      // After a lost channel the reason was told already.
      this.#say("trouble", { why: "READER_FAILED", detail: error.message });
    }
  }

  #sample(event) {
    const samples = JSON.parse(event.samples);
    if (samples.length === 0) return;
    const text = Fingerprint.b64UrlToUtf8(samples[0]);
    const png = Uint8Array.from(text, (character) => character.charCodeAt(0));
    this.#say("sample", { png, serial: event.deviceUid });
  }

  async #lost() {
    // The SDK would try again every five seconds, with the credentials that just failed.
    this.#api.webChannel.disconnect();
    if (this.#isOver) return;
    this.#isOver = true;
    const isThere = sessionStorage.getItem("websdk") !== null;
    const why = isThere ? "CLIENT_SILENT" : (await isForbidden()) ? "CLIENT_BLOCKED" : "CLIENT_MISSING";
    this.#tell("trouble", { why });
  }

  #say(name, detail = {}) {
    if (!this.#isOver) this.#tell(name, detail);
  }
}

async function isForbidden() {
  // Browsers call the permission by one of these names; one that knows neither asks nobody.
  for (const name of ["loopback-network", "local-network-access"]) {
    try {
      if ((await navigator.permissions.query({ name })).state === "denied") return true;
    } catch {
      continue;
    }
  }
  return false;
}

function hex(code) {
  return `0x${(code >>> 0).toString(16)}`;
}
