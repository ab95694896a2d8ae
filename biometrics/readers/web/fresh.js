// The HID client gives other credentials after each restart, and the SDK keeps old ones for the life of a tab: begin without them.
sessionStorage.removeItem("websdk");
