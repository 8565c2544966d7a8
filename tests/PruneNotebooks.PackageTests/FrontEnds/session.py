"""Talks to the kernel '.net-csharp' as a front end does.

Runs every step below and prints a line of JSON for each: its name, how long it took, and what went wrong (null if nothing did).
"""
import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path

from jupyter_client import KernelManager

KERNEL, PATIENCE = ".net-csharp", 120
steps = []


def step(function):
    steps.append(function)
    return function


class Session:
    """A running kernel and what a front end keeps of a cell: texts of streams, displays by their id, the result, the error."""

    def __init__(self):
        self.manager = KernelManager(kernel_name=KERNEL)
        self.manager.start_kernel(stdout=sys.stderr)
        self.connect()

    def connect(self):
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)

    def run(self, code):
        cell = {"text": "", "displays": {}, "updates": 0, "result": None, "error": None}

        def hear(message):
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                cell["text"] += content["text"]
            elif kind in ("display_data", "update_display_data"):
                cell["displays"][content["transient"]["display_id"]] = content["data"]
                cell["updates"] += kind == "update_display_data"
            elif kind == "execute_result":
                cell["result"] = content["data"]
            elif kind == "error":
                cell["error"] = content

        reply = self.client.execute_interactive(code, timeout=PATIENCE, output_hook=hear)
        cell["status"] = reply["content"]["status"]
        return cell

    def value(self, code):
        """The text of what a cell that must not fail ends with."""
        cell = self.run(code)
        assert cell["status"] == "ok", cell["error"]
        return cell["result"]["text/plain"]

    def process_id(self):
        return int(self.value("$\"{Environment.ProcessId}\""))

    def restart(self):
        self.client.stop_channels()
        self.manager.restart_kernel(now=True, stdout=sys.stderr)
        self.connect()

    def end(self):
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel()


@step
def state_reaches_later_cells(session):
    session.run("var tokens = 144; int Half(int n) => n / 2;")
    assert session.value("$\"{Half(tokens)} of {tokens}\"") == "72 of 144"
    assert session.run("Console.Write(\"to the console\");")["text"] == "to the console"


@step
def cells_may_be_fsharp_and_values_go_from_one_language_to_the_other(session):
    assert session.run("#!fsharp\nlet squares = [| for i in 1 .. 3 -> i * i |]\nlet sum = Array.sum squares\nprintf \"%A\" squares")["text"] == "[|1; 4; 9|]"
    # They go as JSON: numbers arrive as numbers, an array as a document.
    session.run("#!set --name sum --value @fsharp:sum\n#!set --name squares --value @fsharp:squares")
    assert session.value("$\"{sum + 1}, {squares.RootElement[2].GetInt32()}\"") == "15, 9"
    session.run("#!fsharp\n#!set --name fromCSharp --value @csharp:tokens")
    assert session.run("#!fsharp\nprintf \"%g\" (float fromCSharp + 1.0)")["text"] == "145"


@step
def a_display_is_updated_in_place(session):
    cell = session.run(
        "using Microsoft.DotNet.Interactive;\nvar progress = KernelInvocationContext.Current.Display(\"one\");\n"
        "progress.Update(\"two\");\nprogress.Update(\"three\");")
    shown = [data["text/plain"] for data in cell["displays"].values()]
    assert (shown, cell["updates"]) == (["three"], 2), cell


@step
def an_error_names_the_functions_it_passed_and_the_kernel_goes_on(session):
    cell = session.run("void Fail() => throw new InvalidOperationException(\"no luck\");\nFail();")
    assert cell["status"] == "error"
    frames = "\n".join(cell["error"]["traceback"])
    assert "System.InvalidOperationException: no luck" in frames and "Fail()" in frames, frames
    cell = session.run("int wrong = \"text\";")
    assert "(1,13): error CS0029" in cell["text"] and cell["error"]["evalue"] == "compilation error", cell
    assert session.value("$\"{tokens}\"") == "144"


@step
def names_are_completed(session):
    def matches(code):
        # Methods come as text for editors with place holders: Name($1).
        return [match.removesuffix("($1)") for match in session.client.complete(code, reply=True, timeout=PATIENCE)["content"]["matches"]]

    assert "ToString" in matches("tokens.ToStr")
    assert "tokens" in matches("tok") and "Half" in matches("Hal")


@step
def a_second_session_beside_it_has_a_state_of_its_own(session):
    other = Session()
    try:
        assert other.run("tokens")["text"].find("CS0103") > 0
        other.run("var tokens = 9;")
        assert (session.value("$\"{tokens}\""), other.value("$\"{tokens}\"")) == ("144", "9")
    finally:
        other.end()


@step
def a_restart_forgets_everything(session):
    before = session.process_id()
    session.restart()
    assert session.process_id() != before
    assert "CS0103" in session.run("tokens")["text"]
    assert not Path(f"/proc/{before}").exists()


@step
def a_killed_kernel_is_started_anew(session):
    before = session.process_id()
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: not session.manager.is_alive())
    session.restart()
    assert session.value("\"again\"") == "again"


@step
def nothing_is_left_of_it_after_the_end(session):
    session.end()
    wait_until(lambda: not own_processes())


def own_processes():
    """Processes with this one's home folder, which no other program uses, but for this one."""
    mark, found = f"HOME={os.environ['HOME']}".encode(), []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and int(folder.name) not in (os.getpid(), os.getppid()) and mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            pass
    return [command for command in found if command]


def wait_until(condition, seconds=30):
    end = time.time() + seconds
    while not condition():
        assert time.time() < end, own_processes()
        time.sleep(0.1)


if __name__ == "__main__":
    session = Session()
    try:
        for function in steps:
            start, problem = time.time(), None
            try:
                function(session)
            except Exception:
                problem = traceback.format_exc()
            print(json.dumps({"step": function.__name__, "seconds": round(time.time() - start, 1), "problem": problem}), flush=True)
    finally:
        session.end()
