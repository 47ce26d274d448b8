#!/usr/bin/env python3
"""Measures lis beside other languages: the same programs in one interleaved run on the same machine.

A figure is the CPU time, user and system, of a whole process; runs take turns, and the median counts. Every result is
compared with the peers'. Reading rates leave out each program's own start-up, which is measured in the same run. The
command ends with 1 when a result differs or a floor is missed; targets that are not reached are named, too, and with
--targets they end it with 1 as well.

The part `portal` holds the client against HubSpot's own Python SDK on a practice portal, and measures the use of a quota.
"""
import argparse
import math
import os
import random
import select
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from portal import portal_part

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SEED = 20261123


class Command:
    """A program under one interpreter, and the runs it has had."""

    def __init__(self, name, words, environment=None):
        self.name = name
        self.words = words
        self.environment = environment
        self.seconds = []
        self.kilobytes = []
        self.output = None

    def run(self):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            pid = os.posix_spawnp(
                self.words[0], self.words, self.environment or ENVIRONMENT,
                file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, err.fileno(), 2)])
            _, status, usage = os.wait4(pid, 0)
            out.seek(0)
            err.seek(0)
            output = out.read().decode().strip()
            if status != 0:
                raise SystemExit(f"bench: {' '.join(self.words)} ended with {status}:\n{err.read().decode()}")
        self.seconds.append(usage.ru_utime + usage.ru_stime)
        self.kilobytes.append(usage.ru_maxrss)
        self.output = output

    @property
    def median(self):
        return statistics.median(self.seconds)

    @property
    def peak(self):
        return statistics.median(self.kilobytes)


ENVIRONMENT = dict(os.environ)


class Report:
    """Lines of the table, and whether all of them reach their floors and targets."""

    def __init__(self):
        self.failed = []
        # Work that reaches its floor and not its target, with the figure and the target.
        self.below_target = []
        self.missing = []

    def title(self, text):
        print(f"\n{text}\n{'-' * len(text)}", flush=True)

    def line(self, work, figure, target, floor, detail, higher=False, unit=""):
        """`higher`: larger figures are better. Without a floor the line only informs."""
        reached = (lambda goal: figure >= goal) if higher else (lambda goal: figure <= goal)
        if floor is None:
            verdict = ""
        elif target is not None and reached(target):
            verdict = "target"
        elif reached(floor):
            verdict = "floor"
        else:
            verdict = "MISSED"
            self.failed.append(work)
        if verdict in ("floor", "MISSED") and target is not None:
            self.below_target.append(f"{work.strip()}: {figure:.3g}{unit}, target {target:g}{unit}")
        wanted = "" if floor is None else f"{target:g} / {floor:g}"
        print(f"{work:44} {figure:9.3f}{unit:3} {wanted:>14}  {verdict:7} {detail}", flush=True)

    def wrong(self, work, detail):
        self.failed.append(work)
        print(f"{work:44} WRONG RESULT: {detail}", flush=True)


def rounds(commands, count):
    for _ in range(count):
        for command in commands:
            command.run()


def same(one, other):
    """Results agree: to the letter, or as numbers to what binary floating point can tell."""
    if one == other:
        return True
    left, right = one.split(), other.split()
    if len(left) != len(right):
        return False
    try:
        return all(math.isclose(float(a), float(b), rel_tol=1e-7) for a, b in zip(left, right))
    except ValueError:
        return False


# The peers


def find_python():
    """The system's own CPython if there is one: shims of version managers cost start-up time."""
    return "/usr/bin/python3" if os.access("/usr/bin/python3", os.X_OK) else sys.executable


def find_orjson(python):
    """The environment in which orjson can be imported, or None. It is installed below .build when it is not there."""
    if subprocess.run([python, "-c", "import orjson"], capture_output=True).returncode == 0:
        return ENVIRONMENT
    folder = os.path.join(ROOT, ".build", "bench-python")
    environment = dict(ENVIRONMENT, PYTHONPATH=folder)
    check = [python, "-c", "import orjson"]
    if subprocess.run(check, capture_output=True, env=environment).returncode != 0:
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--target", folder, "orjson"], stdout=sys.stderr.fileno())
    return environment if subprocess.run(check, capture_output=True, env=environment).returncode == 0 else None


class Peers:
    def __init__(self, lis, report):
        self.lis = lis
        self.python = find_python()
        self.lua = shutil.which("lua5.4") or shutil.which("lua")
        self.luajit = shutil.which("luajit")
        self.jq = shutil.which("jq")
        self.orjson = find_orjson(self.python)
        for name in ("lua", "luajit", "jq", "orjson"):
            if getattr(self, name) is None:
                report.missing.append(name)

    def path(self, name):
        return os.path.join(HERE, name)

    def lis_run(self, name, *words):
        return Command("lis", [self.lis, "run", self.path(name + ".lis"), *words])

    def py(self, name, *words):
        return Command("python", [self.python, self.path(name + ".py"), *words])


# Data


def make_deals(path, rows, seed):
    """One JSON object a line: 30 properties as HubSpot gives them, which is as text, and five fields around them."""
    numbers = random.Random(seed)
    words = ["keyboard", "support plan", "licence", "monitor 27 inch", "onboarding", "laptop sleeve", "docking station"]
    with open(path, "w", encoding="utf-8") as file:
        for row in range(rows):
            price = numbers.randrange(100, 500000) / 100
            properties = {
                "name": f"{numbers.choice(words)} {row}",
                "hs_sku": f"SKU-{numbers.randrange(100000):05d}",
                "quantity": str(numbers.randrange(1, 40)),
                "unit_price": f"{price:.2f}",
                "discount_percent": f"{numbers.randrange(0, 300) / 10:.1f}",
                "hs_forecast_amount": "0",
                "description": "A line of text about what was sold and to whom, as people write it " + str(row % 97),
                "hs_line_item_currency_code": numbers.choice(["EUR", "USD", "GBP"]),
                "hs_createdate": f"2026-{row % 12 + 1:02d}-{row % 28 + 1:02d}T10:{row % 60:02d}:00.000Z",
                "hs_lastmodifieddate": f"2026-{row % 12 + 1:02d}-{row % 28 + 1:02d}T12:{row % 60:02d}:30.250Z",
                "dealstage": numbers.choice(["appointmentscheduled", "qualifiedtobuy", "closedwon", "closedlost"]),
                "pipeline": "default",
                "hubspot_owner_id": str(numbers.randrange(70000000, 70000040)),
                "recurringbillingfrequency": numbers.choice(["monthly", "annually", None]),
                "hs_product_id": str(numbers.randrange(10 ** 9, 10 ** 10)) if row % 3 else None,
                "tax": None,
                "hs_tcv": f"{price * 12:.2f}",
                "hs_acv": f"{price * 12:.2f}",
                "hs_arr": f"{price:.2f}",
                "hs_mrr": f"{price / 12:.2f}",
                "hs_margin": f"{price / 3:.3f}",
                "hs_cost_of_goods_sold": f"{price / 2:.2f}",
                "hs_position_on_quote": str(row % 9),
                "hs_url": f"https://example.com/items/{row}",
                "hs_allow_buyer_selected_quantity": "false",
                "hs_discount_percentage": None,
                "hs_external_id": f"ext-{row:08d}",
                "hs_images": "",
                "hs_term_in_months": "12",
                "hs_variant_id": None,
            }
            fields = ",".join(f'"{key}":{quoted(value)}' for key, value in properties.items())
            file.write(
                f'{{"id":"{1000000 + row}","properties":{{{fields}}},"createdAt":"{properties["hs_createdate"]}",'
                f'"updatedAt":"{properties["hs_lastmodifieddate"]}","archived":false}}\n')


def quoted(value):
    return "null" if value is None else f'"{value}"'


def make_csv(path, rows, seed):
    numbers = random.Random(seed)
    with open(path, "w", encoding="utf-8") as file:
        file.write("id,sku,name,price,quantity,owner,stage,created,note\n")
        for row in range(rows):
            note = '"said ""yes"", twice"' if row % 11 == 0 else "plain note"
            file.write(
                f"{row},SKU-{numbers.randrange(100000):05d},product number {row},{numbers.randrange(1, 99999) / 100:.2f},"
                f"{numbers.randrange(1, 9)},{numbers.randrange(70000000, 70000040)},closedwon,2026-01-{row % 28 + 1:02d},"
                f"{note}\n")


# The parts of the report


def machine_part(peers, report, count):
    """CPU time as a part of Lua's, CPython's, and LuaJIT's interpreter's."""
    report.title("the machine: CPU time as a part of another's (target / floor)")
    goals = {
        "fib": (0.45, 0.70), "loop": (0.75, 1.0), "list": (0.30, 0.50), "with": (0.15, 0.35), "str": None,
        "clos": (0.35, 0.55), "tree": (0.20, 0.40), "rec": None,
    }
    against_lua = []
    for name, goal in goals.items():
        lis, python = peers.lis_run(name), peers.py(name)
        commands = [lis, python]
        lua = Command("lua", [peers.lua, peers.path(name + ".lua")]) if peers.lua else None
        jit = Command("luajit", [peers.luajit, "-joff", peers.path(name + ".lua")]) if peers.luajit else None
        decimal = peers.py("with_decimal") if name == "with" else None
        jq = Command("jq", [peers.jq, "-n", "-f", peers.path("loop.jq")]) if name == "loop" and peers.jq else None
        commands += [command for command in (lua, jit, decimal) if command]
        rounds(commands, count)
        if jq:
            rounds([jq], 1)
            commands.append(jq)
        for other in commands[1:]:
            if not same(lis.output, other.output):
                report.wrong(f"{name}: {other.name}", f"{lis.output!r} and {other.output!r}")
        times = ", ".join(f"{command.name} {command.median * 1000:.0f}" for command in commands) + " ms"
        if lua:
            ratio = lis.median / lua.median
            if goal:
                against_lua.append(ratio)
                report.line(f"{name} / lua", ratio, *goal, times)
            else:
                report.line(f"{name} / lua", ratio, None, None, times)
        if name == "str":
            report.line("str / python", lis.median / python.median, 0.55, 0.80, times)
        if decimal:
            report.line("with / python's decimal", lis.median / decimal.median, 0.15, 0.30, "")
        if jit:
            report.line(f"{name} / luajit -joff", lis.median / jit.median, 1.0 if goal else None, 1.0 if goal else None, "")
        if not lua:
            report.line(f"{name} / python", lis.median / python.median, None, None, times)
    if against_lua:
        mean = math.exp(sum(map(math.log, against_lua)) / len(against_lua))
        report.line("geometric mean / lua", mean, 0.30, 0.50, "")


def start_part(peers, report, count):
    """Returns the start-up time of each peer, which the reading rates leave out."""
    report.title("start-up of the whole program: CPU time in ms (target / floor)")
    start = Command("lis", [peers.lis, "-e", "1"])
    python = Command("python -I -S", [peers.python, "-I", "-S", "-c", ""])
    plain = Command("python", [peers.python, "-c", "import sys"])
    commands = [start, python, plain]
    csv = Command("python csv", [peers.python, "-c", "import csv, sys"])
    commands.append(csv)
    orjson = Command("orjson", [peers.python, "-c", "import orjson, sys"], peers.orjson) if peers.orjson else None
    jq = Command("jq", [peers.jq, "-n", "1"]) if peers.jq else None
    commands += [command for command in (orjson, jq) if command]
    rounds(commands, max(15, count * 4))
    times = ", ".join(f"{command.name} {command.median * 1000:.1f}" for command in commands[1:]) + " ms"
    report.line("lis -e 1", start.median * 1000, 4, 8, times, unit="ms")
    return {"lis": start.median, "csv": csv.median, "orjson": orjson.median if orjson else 0}


def files_part(peers, report, count, folder, quick, starts):
    size = 10 if quick else 100
    deals = os.path.join(folder, "deals.ndjson")
    make_deals(deals, 8_500 if quick else 85_000, SEED)
    megabytes = os.path.getsize(deals) / 1e6
    report.title(f"files: {megabytes:.0f} MB of NDJSON, CPU time as a part of another's (target / floor)")
    lis = peers.lis_run("ndjson", "--file", deals)
    python = peers.py("ndjson", deals)
    commands = [lis, python, peers.py("ndjson_decimal", deals)]
    commands[2].name = "python decimal"
    orjson = Command("orjson", [peers.python, peers.path("ndjson_orjson.py"), deals], peers.orjson) if peers.orjson else None
    jq = Command("jq", [peers.jq, "-n", "-r", "-f", peers.path("ndjson.jq"), deals]) if peers.jq else None
    commands += [command for command in (orjson,) if command]
    rounds(commands, count)
    if jq:
        rounds([jq], 1 if quick else 2)
        commands.append(jq)
    # Python's decimal is the exact one; the others compute with binary fractions.
    exact = commands[2].output.split()
    if [float(word) for word in lis.output.split()] != [float(word) for word in exact]:
        report.wrong("NDJSON: exact sum", f"{lis.output!r} and {commands[2].output!r}")
    for other in commands[1:]:
        if not same(lis.output, other.output):
            report.wrong(f"NDJSON: {other.name}", f"{lis.output!r} and {other.output!r}")
    times = ", ".join(f"{command.name} {command.median * 1000:.0f}" for command in commands) + " ms"
    report.line("NDJSON end to end / python json", lis.median / python.median, 0.25, 0.40, times)
    if jq:
        report.line("NDJSON end to end / jq", lis.median / jq.median, 0.10, 0.20, "")
    if orjson:
        report.line("NDJSON end to end / orjson", lis.median / orjson.median, 1.0, 1.0, "")

    report.title("reading into values: speed as a multiple of another's, start-up left out (target / floor)")
    lis = peers.lis_run("json_read", "--file", deals)
    commands = [lis]
    if peers.orjson:
        commands.append(Command("orjson", [peers.python, peers.path("json_read.py"), deals], peers.orjson))
    rounds(commands, count)
    rate = megabytes / max(1e-6, lis.median - starts["lis"])
    if peers.orjson:
        other = megabytes / max(1e-6, commands[1].median - starts["orjson"])
        if lis.output != commands[1].output:
            report.wrong("JSON: rows", f"{lis.output!r} and {commands[1].output!r}")
        report.line("JSON reading / orjson", rate / other, 2.0, 1.4, f"lis {rate:.0f}, orjson {other:.0f} MB/s", higher=True)
    else:
        report.line("JSON reading, MB/s", rate, None, None, "")

    table = os.path.join(folder, "items.csv")
    make_csv(table, 100_000 if quick else 500_000, SEED)
    megabytes = os.path.getsize(table) / 1e6
    lis, python = peers.lis_run("csv_read", "--file", table), peers.py("csv_read", table)
    rounds([lis, python], count)
    if lis.output != python.output:
        report.wrong("CSV: rows", f"{lis.output!r} and {python.output!r}")
    rate = megabytes / max(1e-6, lis.median - starts["lis"])
    other = megabytes / max(1e-6, python.median - starts["csv"])
    report.line("CSV reading / python csv", rate / other, 3.0, 1.5, f"lis {rate:.0f}, python {other:.0f} MB/s", higher=True)
    memory_part(peers, report, folder, quick)


def memory_part(peers, report, folder, quick):
    report.title("memory: resident size at its highest (target / floor)")
    some, more = (5_000, 25_000) if quick else (20_000, 120_000)
    files = []
    for rows in (some, more):
        path = os.path.join(folder, f"kept{rows}.ndjson")
        make_deals(path, rows, SEED + 1)
        files.append(peers.lis_run("kept", "--file", path))
    rounds(files, 3)
    record = (files[1].peak - files[0].peak) / (more - some)
    report.line(
        "record of 30 properties kept", record, 0.8, 1.2, f"{files[0].peak / 1024:.0f} and {files[1].peak / 1024:.0f} MiB",
        unit="kB")
    path = os.path.join(folder, "stream.csv")
    rows = 200_000 if quick else 1_000_000
    make_csv(path, rows, SEED + 2)
    lis, python = peers.lis_run("stream", "--file", path), peers.py("stream", path)
    rounds([lis, python], 1)
    if not same(lis.output, python.output):
        report.wrong("CSV stream", f"{lis.output!r} and {python.output!r}")
    report.line(
        f"stream of {rows:,} rows", lis.peak / 1024, 64, 64,
        f"lis {lis.median * 1000:.0f}, python DictReader {python.median * 1000:.0f} ms", unit="MiB")


# Programs that spend a second or more in one operation, and print a line just before it begins.
INTERRUPTED = {
    "loop": "print(1)\nfor i in 1..1000000000000 { }",
    "sort": "let xs = list(map(1..1000000, x => (x * 7919) % 1000003))\nprint(1)\nlet a = xs | sort . | sort . desc\nprint(count(list(a)))",
    "list equality": "let a = list(1..9000000)\nlet b = list(1..9000000)\nprint(1)\nvar n = 0\nfor i in 1..100 { if a == b { n = n + 1 } }",
    "range to list": "print(1)\nfor i in 1..100 { let xs = list(1..19000000) }",
    "join": "let xs = list(1..5000000)\nprint(1)\nfor i in 1..100 { let t = join(xs, \",\") }",
    "split": "var t = \"abcdefgh,\"\nfor i in 1..22 { t = t + t }\nprint(1)\nfor i in 1..100 { let xs = split(t, \",\") }",
    "replace": "var t = \"abcdefgh,\"\nfor i in 1..22 { t = t + t }\nprint(1)\nfor i in 1..100 { let xs = replace(t, \",\", \";\") }",
    "lower": "var t = \"ABCDEFGHÄ\"\nfor i in 1..22 { t = t + t }\nprint(1)\nfor i in 1..100 { let xs = lower(t) }",
    "length": "var t = \"ABCDEFGHÄ\"\nfor i in 1..22 { t = t + t }\nprint(1)\nfor i in 1..100 { let xs = length(t) }",
    "matches": "var t = \"abcdefgh,\"\nfor i in 1..22 { t = t + t }\nprint(1)\nfor i in 1..100 { let xs = t matches \"(a|b|c)+x\" }",
    "has": "var t = \"abcdefgh,\"\nfor i in 1..22 { t = t + t }\nprint(1)\nfor i in 1..100 { let xs = t has \"xyz\" }",
    "distinct": "let xs = list(map(1..3000000, x => { a: x, b: \"text ${x}\" }))\nprint(1)\nlet n = count(xs | distinct .)",
    "text of a list": "let xs = list(1..5000000)\nprint(1)\nfor i in 1..100 { let t = \"${xs}\" }",
    "collection": "var xs = list(map(1..3000000, x => { a: x, b: \"some text ${x}\" }))\nprint(1)\nfor i in 1..1000000000 { let y = { a: [i] } }",
}


def interruption_part(peers, report, count):
    report.title("Ctrl-C: wall time in ms from the signal to the end of the process (informs; the aim is 100)")
    for name, program in INTERRUPTED.items():
        delays = []
        for attempt in range(count):
            process = subprocess.Popen(
                [peers.lis, "-e", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
            process.stdout.readline()
            time.sleep(0.05 + 0.13 * attempt)
            if process.poll() is not None:
                delays.append(0)
                continue
            # What is printed ends with the process. `Popen.wait` with a limit would sleep for up to 50 ms at a time.
            begun = time.monotonic()
            process.send_signal(signal.SIGINT)
            while select.select([process.stdout], [], [], 60)[0] and process.stdout.read1():
                pass
            delays.append((time.monotonic() - begun) * 1000)
            process.kill()
            process.wait()
            process.stdout.close()
        report.line(name, max(delays), None, None, " ".join(f"{delay:.0f}" for delay in delays), unit="ms")


def count_part(peers, report):
    """Instructions that a program executes, start-up left out: they repeat where times do not."""
    valgrind = shutil.which("valgrind")
    if not valgrind:
        report.missing.append("valgrind")
        return
    report.title("instructions executed, millions, start-up left out (scaled-down programs)")

    def instructions(words):
        with tempfile.TemporaryDirectory() as folder:
            result = subprocess.run(
                [valgrind, "--tool=callgrind", f"--callgrind-out-file={folder}/out", *words], env=ENVIRONMENT,
                capture_output=True, text=True)
        for text in result.stderr.splitlines():
            if "Collected :" in text:
                return int(text.split(":")[1].split()[0]) / 1e6
        raise SystemExit(f"bench: callgrind failed on {' '.join(words)}:\n{result.stderr}")

    scaled = {"fib": ("32", "22"), "loop": ("4000", "200"), "list": ("1000000", "100000"), "with": ("100000", "5000"),
              "str": ("1000000", "50000"), "clos": ("100000", "10000"), "tree": ("16", "10")}
    with tempfile.TemporaryDirectory() as folder:
        empty = {"lis": instructions([peers.lis, "-e", "null"])}
        if peers.lua:
            empty["lua"] = instructions([peers.lua, "-e", ""])
        for name, (old, new) in scaled.items():
            figures = {}
            for language, ending in (("lis", "lis"), ("lua", "lua")):
                if language not in empty:
                    continue
                with open(peers.path(f"{name}.{ending}"), encoding="utf-8") as file:
                    text = file.read().replace(old, new)
                if name == "tree":
                    text = text.replace("15", "9")
                path = os.path.join(folder, f"{name}.{ending}")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
                words = [peers.lis, "run", path] if language == "lis" else [peers.lua, path]
                figures[language] = instructions(words) - empty[language]
            detail = f"lua {figures['lua']:.1f}, ratio {figures['lis'] / figures['lua']:.2f}" if "lua" in figures else ""
            report.line(name, figures["lis"], None, None, detail)


def main():
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer runs and smaller files: for a first look")
    parser.add_argument("--count", action="store_true", help="count instructions with callgrind too")
    parser.add_argument("--only", choices=["machine", "start", "files", "interruption", "portal"], help="one part")
    parser.add_argument("--lis", metavar="PATH", help="measure this binary instead of building one")
    parser.add_argument("--targets", action="store_true", help="end with 1 when a target is missed, not only for a floor")
    parser.add_argument("--runs", type=int, help="runs of each program (9; 3 with --quick)")
    options = parser.parse_args()
    options.lis = options.lis and os.path.abspath(options.lis)
    report = Report()
    count = options.runs or (3 if options.quick else 9)
    with tempfile.TemporaryDirectory(prefix="lis-bench-") as folder:
        # Programs may read files below the working folder.
        os.chdir(folder)
        # Programs run with a home of their own: nothing of the user's portals plays a part.
        ENVIRONMENT["HOME"] = folder
        for name in list(ENVIRONMENT):
            if name.startswith("LIS_") or name.startswith("PYTHON") or name.startswith("XDG_"):
                del ENVIRONMENT[name]
        binary = os.path.abspath(options.lis or os.path.join(ROOT, ".build", "release", "lis"))
        lis = os.path.join(folder, "lis")
        if not shutil.which("strip") or subprocess.run(["strip", "-o", lis, binary]).returncode != 0:
            shutil.copy(binary, lis)
        peers = Peers(lis, report)
        if options.only in (None, "machine"):
            machine_part(peers, report, count)
        if options.only in (None, "start", "files"):
            starts = start_part(peers, report, count)
            if options.only != "start":
                files_part(peers, report, max(3, count // 2), folder, options.quick, starts)
        if options.only in (None, "interruption"):
            interruption_part(peers, report, 2 if options.quick else 4)
        if options.only in (None, "portal"):
            portal_part(peers, report, folder, options.quick, ENVIRONMENT)
        if options.count:
            count_part(peers, report)
    print()
    if report.missing:
        print("missing here, and left out: " + ", ".join(report.missing))
    if report.below_target:
        print("targets missed:")
        for text in report.below_target:
            print(f"  {text}")
    if report.failed:
        print("floors missed, or results wrong: " + ", ".join(report.failed))
        return 1
    print("every floor is reached" if report.below_target else "every target is reached")
    return 1 if options.targets and report.below_target else 0


if __name__ == "__main__":
    sys.exit(main())
