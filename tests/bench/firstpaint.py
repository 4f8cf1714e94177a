#!/usr/bin/env python3
"""firstpaint.py [RUNS]: what the window costs until it shows the demo server, in RUNS starts (default 7), medians.

  paint   wall time from the start of the program to a painted window, in milliseconds
  cpu     CPU time of all its threads until then, in milliseconds (the kernel counts in steps of 10)
  bare    the same for --version: loading the program and Qt and meeting the display, without any window
  rss     resident memory right after, in MB; own: the part that no file backs
  idle    CPU time of the five seconds that follow

FLOWKEEP_GUI names the program. The display is an Xvfb of its own, whose picture is looked at every 5 ms.
"""
import mmap
import os
import pathlib
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = os.environ.get("FLOWKEEP_GUI", str(HERE.parents[1] / "build" / "bin" / "flowkeep"))
RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 7
TICK = os.sysconf("SC_CLK_TCK")
SIZE = (1280, 800)
PATIENCE = 60  # seconds


class Display:
    """An Xvfb whose picture can be read from a file."""

    def __init__(self, folder):
        reader, writer = os.pipe()
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp", "-br",
             "-fbdir", folder], pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as number:
            self.name = ":" + number.readline().strip()
        with open(pathlib.Path(folder, "Xvfb_screen0"), "rb") as file:
            self.memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        header = struct.unpack(">25I", self.memory[:100])
        self.pixels = header[0] + 12 * header[19]  # after the header and its colour map

    def colours(self):
        """How many colours every 97th pixel has. An empty screen has one; a painted window has dozens, of its text."""
        picture = memoryview(self.memory)[self.pixels:self.pixels + 4 * SIZE[0] * SIZE[1]].cast("I")
        return len(set(picture[::97]))

    def close(self):
        self.process.terminate()
        self.process.wait()


def cpu(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / TICK


def memory(pid):
    lines = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
    rss = int(lines["VmRSS"].split()[0])
    return rss / 1024, int(lines["RssAnon"].split()[0]) / 1024


def bare(environment):
    program = subprocess.Popen([PROGRAM, "--version"], env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(program.pid, 0)
    program.returncode = os.waitstatus_to_exitcode(status)
    return (usage.ru_utime + usage.ru_stime) * 1000


def start(display, environment, config):
    """One start: wall, CPU, RSS, own memory, idle CPU."""
    began = time.monotonic()
    program = subprocess.Popen([PROGRAM, "--demo", "--theme", "light", "--config-dir", config], env=environment)
    try:
        while display.colours() < 24:
            if program.poll() is not None or time.monotonic() - began > PATIENCE:
                sys.exit(f"{PROGRAM}: no window")
            time.sleep(0.005)
        wall = (time.monotonic() - began) * 1000
        spent = cpu(program.pid)
        rss, own = memory(program.pid)
        time.sleep(1)
        settled = cpu(program.pid)
        time.sleep(5)
        return wall, spent, rss, own, cpu(program.pid) - settled
    finally:
        program.terminate()
        program.wait()


def main():
    if not shutil.which("Xvfb"):
        print("No Xvfb here: 'apt-get install xvfb', then again.")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        display = Display(folder)
        environment = {**os.environ, "DISPLAY": display.name, "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8",
                       "XDG_RUNTIME_DIR": folder}
        environment.pop("WAYLAND_DISPLAY", None)
        try:
            start(display, environment, f"{folder}/warm")
            figures = []
            for run in range(RUNS):
                figures.append((*start(display, environment, f"{folder}/config{run}"), bare(environment)))
                while display.colours() > 1:
                    time.sleep(0.01)
        finally:
            display.close()
    wall, spent, rss, own, idle, without = (statistics.median(column) for column in zip(*figures))
    print(f"load of this machine: {os.getloadavg()[0]:.1f}; {RUNS} starts of {PROGRAM} --demo")
    print(f"paint {wall:5.0f} ms    cpu {spent:5.0f} ms, bare {without:4.0f} ms    rss {rss:5.1f} MB, own {own:5.1f} MB    idle {idle:3.0f} ms in 5 s")


if __name__ == "__main__":
    main()
