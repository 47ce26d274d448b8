import Glibc
import TerminalSupport
import TestSupport

/// A browser without a window, driven through its debugging pipe.
enum Browser {
  static let isThere = access("/usr/bin/chromium", X_OK) == 0

  /// Opens an address, presses the button of this value, and gives the text of the page that follows.
  static func press(_ button: String, on address: String) throws -> String {
    try PythonProcess.run(script: script, input: button + "\n" + address)
  }

  private static let script = """
    import json, os, shutil, subprocess, sys, tempfile
    button, address = sys.stdin.read().split("\\n", 1)
    profile = tempfile.mkdtemp()
    command_read, command_write = os.pipe()
    reply_read, reply_write = os.pipe()
    # The program finds its ends of the pipes at 3 and 4.
    start = 'exec 3<&%d 4>&%d; exec "$0" "$@"' % (command_read, reply_write)
    browser = subprocess.Popen(
        ["/bin/sh", "-c", start, "/usr/bin/chromium", "--headless", "--no-sandbox", "--disable-gpu",
         "--disable-dev-shm-usage", "--remote-debugging-pipe", "--user-data-dir=" + profile, "about:blank"],
        pass_fds=[command_read, reply_write], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    os.close(command_read)
    os.close(reply_write)
    replies = os.fdopen(reply_read, "rb")
    number = 0
    events = []
    def receive():
        text = b""
        while True:
            byte = replies.read(1)
            if byte in (b"\\0", b""): return json.loads(text)
            text += byte
    def send(method, session=None, **parameters):
        global number
        number += 1
        message = {"id": number, "method": method, "params": parameters}
        if session: message["sessionId"] = session
        os.write(command_write, json.dumps(message).encode() + b"\\0")
        while True:
            reply = receive()
            if reply.get("id") == number: return reply.get("result", reply)
            events.append(reply.get("method"))
    def wait_for_load():
        while "Page.loadEventFired" not in events: events.append(receive().get("method"))
        events.clear()
    try:
        target = send("Target.createTarget", url="about:blank")["targetId"]
        session = send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        send("Page.enable", session)
        send("Page.navigate", session, url=address)
        wait_for_load()
        send("Runtime.evaluate", session, expression="document.querySelector('button[value=%s]').click()" % button)
        wait_for_load()
        page = send("Runtime.evaluate", session, expression="document.body.innerText")
        print(page["result"]["value"], end="")
    finally:
        browser.kill()
        browser.wait()
        shutil.rmtree(profile, ignore_errors=True)
    """
}

/// A session of a desktop with a keyring.
enum Keyring {
  static let isThere = ["dbus-run-session", "gnome-keyring-daemon", "secret-tool"].allSatisfy {
    access("/usr/bin/" + $0, X_OK) == 0
  }

  /// Runs a line of the system's shell in which `$LIS` is lis, in a session of its own with an open keyring.
  static func run(_ home: Home, _ line: String) throws -> Command.Ended {
    home.folder.makeFolder("user/run")
    home.variables["XDG_RUNTIME_DIR"] = home.path + "/user/run"
    // The keyring ends with its session: it is the session's child and its bus goes away.
    return try home.shell(
      """
      exec dbus-run-session -- sh -c '
      printf "password\\n" | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 & keyring=$!
      gdbus wait --session --timeout 30 org.freedesktop.secrets
      sh -c "$0"; status=$?
      kill $keyring; exit $status' "$0"
      """, [line])
  }
}
