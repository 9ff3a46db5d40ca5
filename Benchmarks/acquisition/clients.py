# Thermocline: facility telemetry and thermal management for AI data centres.
# SPDX-License-Identifier: Apache-2.0
"""The programs that poll: ours, the C floor and the peers. Each run gives a dictionary of what it said."""

import glob
import os
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


def build(source, program, *libraries):
    """Compiles one C file."""
    subprocess.run(
        ["cc", "-std=c17", "-O2", "-Wall", "-Wextra", os.path.join(HERE, source), "-o", program, *libraries],
        check=True,
    )


def run(command, limit):
    """Runs a program that prints `key value` lines; keys that come twice give a list."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=limit, check=True)
    said = {}
    for line in done.stdout.splitlines():
        key, _, value = line.partition(" ")
        if key in said:
            said[key] = (said[key] if isinstance(said[key], list) else [said[key]]) + [value]
        else:
            said[key] = value
    return said


class Client:
    """A program with the load server's ports as an argument."""

    def __init__(self, name, command):
        self.name = name
        self.command = command

    def poll(self, server, settle, seconds, **options):
        arguments = ["--ports", server.ports_path, "--settle", str(settle), "--seconds", str(seconds)]
        for key, value in options.items():
            arguments += ["--" + key, str(value)]
        return run(self.command + arguments, settle + seconds + 60)


class Collectd:
    """collectd's modbus plugin: one request a value, so it reads what it can of the site."""

    name = "collectd"

    def __init__(self, program, plugins, types, folder):
        self.program, self.plugins, self.types, self.folder = program, plugins, types, folder

    def configure(self, server, blocks, registers):
        with open(server.ports_path, encoding="ascii") as file:
            ports = [int(line) for line in file]
        addresses = [block * 1000 + register for block in range(blocks) for register in range(registers)]
        lines = [
            'Hostname "bench"', f'BaseDir "{self.folder}"', f'PIDFile "{self.folder}/collectd.pid"',
            f'PluginDir "{self.plugins}"', f'TypesDB "{self.types}"', "Interval 1", "ReadThreads 8",
            "LoadPlugin modbus", "<Plugin modbus>",
        ]
        for address in addresses:
            lines += [
                f'<Data "r{address}">', f"RegisterBase {address}", "RegisterType Int16", "Type temperature",
                f'Instance "r{address}"', "</Data>",
            ]
        for number, port in enumerate(ports):
            lines += [f'<Host "d{number}">', 'Address "127.0.0.1"', f'Port "{port}"', "Interval 1", "<Slave 1>"]
            lines += [f'Instance "s{number}"'] + [f'Collect "r{address}"' for address in addresses]
            lines += ["</Slave>", "</Host>"]
        lines += ["</Plugin>"]
        path = os.path.join(self.folder, "collectd.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write("\n".join(lines) + "\n")
        return path

    def poll(self, server, settle, seconds, blocks=4, registers=125):
        configuration = self.configure(server, blocks, registers)
        with open(os.path.join(self.folder, "collectd.log"), "w", encoding="utf-8") as log:
            process = subprocess.Popen([self.program, "-f", "-C", configuration], stdout=log, stderr=log)
            try:
                time.sleep(settle)
                before, start = self.used(process.pid), time.monotonic_ns()
                time.sleep(seconds)
                after, end = self.used(process.pid), time.monotonic_ns()
            finally:
                # SIGTERM would wait for every read that is under way; there is nothing to save.
                process.kill()
                process.wait()
        return {
            "user_seconds": after[0] - before[0], "system_seconds": after[1] - before[1], "window_start": start,
            "window_end": end,
        }

    @staticmethod
    def used(process):
        with open(f"/proc/{process}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        return int(fields[11]) / CLOCK_TICKS, int(fields[12]) / CLOCK_TICKS


def find_collectd(cache, folder):
    """collectd as installed, else taken out of Debian's package without installing it; None where neither works."""
    program = shutil.which("collectd") or "/usr/sbin/collectd"
    if os.path.exists(program):
        plugins = (glob.glob("/usr/lib/collectd") + glob.glob("/usr/lib64/collectd"))[0]
        return Collectd(program, plugins, "/usr/share/collectd/types.db", folder)
    tree = os.path.join(cache, "collectd")
    if not os.path.exists(tree + "/usr/sbin/collectd") and shutil.which("apt-get") and shutil.which("dpkg"):
        os.makedirs(tree, exist_ok=True)
        subprocess.run(["apt-get", "download", "-qq", "collectd-core"], cwd=cache, check=False,
                       stderr=subprocess.DEVNULL)
        for package in glob.glob(cache + "/collectd-core_*.deb"):
            subprocess.run(["dpkg", "-x", package, tree], check=False)
    if not os.path.exists(tree + "/usr/sbin/collectd"):
        return None
    return Collectd(tree + "/usr/sbin/collectd", tree + "/usr/lib/collectd", tree + "/usr/share/collectd/types.db",
                    folder)


def find_pymodbus():
    """pymodbus's client in the test set-up's Python, else in this one; None where neither has it."""
    for python in [os.path.join(HERE, "../../.build/test-python/bin/python"), sys.executable]:
        if os.path.exists(python):
            if subprocess.run([python, "-c", "import pymodbus"], check=False, capture_output=True).returncode == 0:
                return Client("pymodbus", [python, os.path.join(HERE, "pymodbus_client.py")])
    return None
