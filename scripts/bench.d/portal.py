"""The client beside HubSpot's official Python SDK on the same practice portal, and how much of a quota is used.

Requests are counted by the portal. CPU time is that of the client's process alone, its start-up included.
"""
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


class Portal:
    """A practice portal in a process of its own."""

    def __init__(self, lis, folder, environment, *options):
        self.environment = dict(environment, LIS_HOME=os.path.join(folder, "home"), LIS_TOKEN="bench")
        os.makedirs(self.environment["LIS_HOME"], mode=0o700, exist_ok=True)
        self.process = subprocess.Popen(
            [lis, "practice", "serve", "--token", "bench", "--control-token", "control", *options],
            stdout=subprocess.PIPE, env=self.environment, text=True)
        line = self.process.stdout.readline()
        start = "practice portal listening on "
        if not line.startswith(start):
            raise SystemExit(f"bench: the practice portal does not start: {line}")
        self.url = line[len(start):].strip()
        self.environment["LIS_API_URL"] = self.url

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def stats(self):
        request = urllib.request.Request(self.url + "/practice/stats", headers={"Authorization": "Bearer control"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def log(self):
        """Arrivals and statuses of all requests."""
        request = urllib.request.Request(self.url + "/practice/log", headers={"Authorization": "Bearer control"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return [json.loads(line) for line in answer.read().splitlines()]


class Outcome:
    def __init__(self, output, usage, wall, kinds):
        self.output = output
        self.seconds = usage.ru_utime + usage.ru_stime
        self.kilobytes = usage.ru_maxrss
        self.wall = wall
        self.kinds = {kind: count for kind, count in kinds.items() if count and kind != "property-read"}

    @property
    def requests(self):
        return sum(self.kinds.values())


def measured(portal, words, environment, folder=None):
    before = portal.stats()["kinds"]
    begun = time.monotonic()
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True, cwd=folder)
    output = process.stdout.read()
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    process.stderr.close()
    if process.returncode != 0:
        raise SystemExit(f"bench: {' '.join(words)} ended with {process.returncode}:\n{errors}")
    after = portal.stats()["kinds"]
    kinds = {kind: count - before.get(kind, 0) for kind, count in after.items()}
    return Outcome(output.strip(), usage, wall, kinds)


def find_sdk(python, environment):
    """The environment in which the SDK can be imported, or None. It is installed below .build when it is not there."""
    folder = os.path.join(ROOT, ".build", "bench-sdk")
    environment = dict(environment, PYTHONPATH=folder)
    check = [python, "-c", "import hubspot"]
    if subprocess.run(check, capture_output=True, env=environment).returncode != 0:
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--target", folder, "hubspot-api-client"],
            stdout=sys.stderr.fileno())
    return environment if subprocess.run(check, capture_output=True, env=environment).returncode == 0 else None


def sdk_part(peers, report, folder, records, environment):
    report.title(f"client: a higher price for about {records:,} line items (lis / the SDK)")
    sdk = find_sdk(peers.python, environment)
    if sdk is None:
        report.missing.append("hubspot-api-client")
        return
    with Portal(peers.lis, os.path.join(folder, "sdk"), environment, "--data", ":memory:", "--seed", str(records)) as portal:
        program = os.path.join(HERE, "raise_prices.lis")
        python = dict(portal.environment, PYTHONPATH=sdk["PYTHONPATH"])
        lis = measured(portal, [peers.lis, "run", "--quiet", "--apply", program], portal.environment)
        rows = int(lis.output)
        others = {}
        for name in ("sdk_batched", "sdk_loop"):
            others[name] = measured(portal, [peers.python, os.path.join(HERE, name + ".py")], python)
            if others[name].output != lis.output:
                report.wrong(name, f"{others[name].output} records, and lis has {lis.output}")
        each = lis.seconds / rows * 1e6
        for name, target in (("sdk_batched", None), ("sdk_loop", 1 / 20)):
            other = others[name]
            detail = f"{each:.0f} µs a record, {other.seconds / rows * 1e6:.0f} µs"
            report.line(f"CPU a record / {name}", lis.seconds / other.seconds, target, target, detail)
            report.line(f"wall / {name}", lis.wall / other.wall, None, None, f"{lis.wall:.2f} s, {other.wall:.2f} s")
        batched = others["sdk_batched"]
        report.line(
            "requests / sdk_batched, the same reads", lis.requests / batched.requests, 1, 1,
            f"{lis.requests} {lis.kinds}, {batched.requests} {batched.kinds}; loop {others['sdk_loop'].requests}")


LIMIT = 190
PERIOD = 10_000_000


def windows(arrivals):
    """The largest number of arrivals in any window, wherever its ends lie."""
    most, first = 0, 0
    for last, arrival in enumerate(arrivals):
        while arrival - arrivals[first] >= PERIOD:
            first += 1
        most = max(most, last - first + 1)
    return most


def quota_part(peers, report, folder, environment, windows_wanted):
    """Rows with ids are changed: for every 100 of them a read for the plan, one before the write, and the write."""
    report.title(f"quota: {LIMIT} requests in any 10 s; bulk changes that need about {windows_wanted} times that")
    batches = LIMIT * windows_wanted // 3
    for processes in (1, 8):
        each = batches // processes * 100
        name = f"{processes} process{'es' if processes > 1 else ''}"
        home = os.path.join(folder, f"quota{processes}")
        options = ["--seed", str(processes * each + 100), "--latency", "60ms"]
        ids = os.path.join(home, "ids.csv")
        data = os.path.join(home, "portal")
        with Portal(peers.lis, home, environment, "--data", data, *options) as portal:
            measured(portal, [peers.lis, "run", "--quiet", "-e", "find all | select .id | save \"ids.csv\""], portal.environment, home)
        with Portal(peers.lis, home, environment, "--data", data, "--rate-limit", f"{LIMIT}/10s", *options) as portal:
            # The log is kept with the data: what wrote ids.csv, without a limit, is not part of this.
            before = len(portal.log())
            program = "param first: number\nparam rows: number\n" \
                "csv(\"ids.csv\") | skip first | take rows | update { description: \"x\" } at most 1_000_000"
            running = [
                subprocess.Popen(
                    [peers.lis, "run", "--quiet", "--apply", "-e", program, "--first", str(number * each), "--rows", str(each)],
                    env=portal.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=home)
                for number in range(processes)]
            for process in running:
                errors = process.communicate(timeout=900)[1]
                if process.returncode != 0:
                    report.wrong(name, errors[-300:])
            arrivals = sorted(entry["arrival"] for entry in portal.log()[before:])
            refused = sum(count for status, count in portal.stats()["statuses"].items() if status == "429")
        # Whole periods from the first request on; what is left at the end need not fill one.
        whole = (arrivals[-1] - arrivals[0]) // PERIOD
        used = sum(1 for arrival in arrivals if arrival - arrivals[0] < whole * PERIOD)
        report.line(
            f"share of the quota used, {name}", used / (LIMIT * whole) if whole else 0, 0.95, 0.9,
            f"{used} requests in {whole * 10} s, at most {windows(arrivals)} in a window, {refused} refused", higher=True)
        if refused or windows(arrivals) > LIMIT:
            report.wrong(name, f"{windows(arrivals)} in a window, {refused} refused")


def stream_part(peers, report, folder, environment, rows):
    """All line items pass through the program, a page at a time, into a file."""
    report.title(f"{rows:,} line items from the portal through a condition into a CSV file")
    home = os.path.join(folder, "stream")
    with Portal(peers.lis, home, environment, "--data", os.path.join(home, "portal"), "--seed", str(rows)) as portal:
        program = "let items = find all | where .price * .quantity > 10\nitems | select .id, .name, .price | save \"items.csv\""
        outcome = measured(portal, [peers.lis, "run", "--quiet", "-e", program], portal.environment, home)
        with open(os.path.join(home, "items.csv"), encoding="utf-8") as file:
            saved = sum(1 for _ in file) - 1
    report.line(
        "resident memory at its highest", outcome.kilobytes / 1024, 64, 64,
        f"{saved:,} rows saved, {outcome.seconds / rows * 1e6:.1f} µs a record read", unit="MiB")
    if not rows * 0.9 < saved <= rows:
        report.wrong("stream", f"{saved} rows of {rows} saved")


def portal_part(peers, report, folder, quick, environment):
    sdk_part(peers, report, folder, 2_000 if quick else 10_000, environment)
    stream_part(peers, report, folder, environment, 100_000 if quick else 1_000_000)
    quota_part(peers, report, folder, environment, 3 if quick else 8)
