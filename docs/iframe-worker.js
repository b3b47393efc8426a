// Search in pages that were opened as files, where browsers start no Worker: the search of mkdocs-material then runs in a
// hidden frame of the page. That script looks for the name IFrameWorker in the page around it, to find its languages.
if (location.protocol === "file:") {
  class FrameWorker extends EventTarget {
    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      const inside = frame.contentWindow;
      inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      inside.importScripts = async (...addresses) => {
        for (const one of addresses) await this.added(inside, one);
      };
      this.frame = frame;
      this.ready = this.added(inside, new URL(address, location.href).href);
    }

    added(inside, address) {
      return new Promise((done, failed) => {
        const script = inside.document.createElement("script");
        Object.assign(script, { src: address, onload: done, onerror: failed });
        inside.document.body.append(script);
      });
    }

    async postMessage(data) {
      await this.ready;
      const { contentWindow: inside } = this.frame;
      inside.dispatchEvent(new inside.MessageEvent("message", { data: structuredClone(data) }));
    }

    terminate() {
      this.frame.remove();
    }
  }
  window.IFrameWorker = FrameWorker;
  window.Worker = FrameWorker;
}
