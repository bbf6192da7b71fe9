"""The network panel of Chromium's developer tools, without a screen: what it makes of an HTTP Archive."""
import base64
import json
import os
import pathlib
import subprocess
import tempfile
import time

FRONT_END = "devtools://devtools/bundled/devtools_app.html?panel=network"

# Runs within the front end, whose own modules do what its button "Import HAR file" does.
IMPORT = """(async () => {
  const {NetworkPanel} = await import('./panels/network/network.js');
  const {ViewManager} = await import('./ui/legacy/legacy.js');
  const {NetworkLog} = await import('./models/logs/logs.js');
  await ViewManager.ViewManager.instance().showView('network');
  await NetworkPanel.NetworkPanel.instance().networkLogView.onLoadFromFile(new File([ARCHIVE], 'archive.har'));
  const rows = [];
  for (const request of NetworkLog.NetworkLog.instance().requests()) {
    const content = await request.requestContentData();
    rows.push({method: request.requestMethod, url: request.url(), status: request.statusCode, address: request.remoteAddress(),
               posted: await request.requestFormData(), size: request.resourceSize,
               text: content.isTextContent ? content.text : null, base64: content.isTextContent ? null : content.base64});
  }
  return JSON.stringify(rows);
})()"""


class Browser:
    """Spoken to over two pipes (--remote-debugging-pipe): JSON, each message ended by a zero byte."""

    def __enter__(self):
        self.home = tempfile.TemporaryDirectory(prefix="chromium-")
        to_browser, self.writing = os.pipe()
        self.reading, from_browser = os.pipe()

        def place():  # the browser reads from 3 and writes to 4
            kept = os.dup(to_browser), os.dup(from_browser)
            os.dup2(kept[0], 3)
            os.dup2(kept[1], 4)

        self.errors = open(pathlib.Path(self.home.name) / "errors", "w+b")
        self.process = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
             f"--user-data-dir={self.home.name}/profile", "--window-size=1400,900", "--remote-debugging-pipe", "about:blank"],
            preexec_fn=place, close_fds=False, stdout=subprocess.DEVNULL, stderr=self.errors, env=dict(os.environ, HOME=self.home.name))
        os.close(to_browser)
        os.close(from_browser)
        self.number, self.buffer = 0, b""
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        os.close(self.writing)
        os.close(self.reading)
        self.errors.close()
        for _ in range(20):  # its children still write there
            try:
                self.home.cleanup()
                return
            except OSError:
                time.sleep(0.2)

    def call(self, method, session=None, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters, **({"sessionId": session} if session else {})}
        rest = json.dumps(message).encode() + b"\0"
        while rest:
            rest = rest[os.write(self.writing, rest):]
        while True:
            while b"\0" not in self.buffer:
                part = os.read(self.reading, 1 << 20)
                if not part:
                    self.errors.seek(0)
                    raise RuntimeError(f"chromium ended: {self.errors.read().decode(errors='replace')[-1000:]}")
                self.buffer += part
            answer, self.buffer = self.buffer.split(b"\0", 1)
            answer = json.loads(answer)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def evaluate(self, session, expression):
        result = self.call("Runtime.evaluate", session, expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"the front end says: {result['exceptionDetails']['exception'].get('description')}")
        return result["result"].get("value")

    def import_archive(self, archive, picture=None):
        """The requests that the network panel then has, as rows. picture: a file for what the panel looks like."""
        target = self.call("Target.createTarget", url=FRONT_END)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.wait_for_front_end(session)
        rows = json.loads(self.evaluate(session, IMPORT.replace("ARCHIVE", json.dumps(archive))))
        if picture:
            time.sleep(2)  # it draws when it has the time
            shown = self.call("Page.captureScreenshot", session, format="png")["data"]
            pathlib.Path(picture).write_bytes(base64.b64decode(shown))
        self.call("Target.closeTarget", targetId=target)
        return rows

    def wait_for_front_end(self, session):
        for _ in range(150):
            if self.evaluate(session, "document.readyState === 'complete' && !!document.querySelector('.root-view')"):
                return
            time.sleep(0.2)
        raise RuntimeError("the front end of the developer tools did not come up")
