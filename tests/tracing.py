"""Breaks a process at its nth step that writes a file, whoever takes it: Python, DuckDB or Delta.

A filter in the kernel stops the process at the calls that make, write, move and delete files; the
tracer beside it counts those under given folders. So a step is a system call, and what is counted
is the same whether the call comes from Python, from DuckDB's threads or from Delta's.
"""

import ctypes
import errno
import os
import signal
import struct
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadline.errors import LeadlineError
from tests.forks import FORKS

CAN_TRACE = sys.platform == "linux" and os.uname().machine == "x86_64"
# What acts need is imported once, before any of them is forked off.
FORKS.set_forkserver_preload(["pandas", "fastparquet", "tests.stores", "tests.write_acts"])
KINDS = ("kill", "torn", "full", "read_only")
TOLD = 3  # how an act ends that says in a sentence what is wrong
BUG = 70  # and one that breaks with anything else

# The calls of x86-64 that change files, by number.
_WRITES = {1: "write", 18: "pwrite", 20: "writev", 296: "pwritev"}
_OPENS = {2: "open", 257: "openat", 85: "creat"}
_MOVES = {82: "rename", 264: "renameat", 316: "renameat2", 86: "link", 265: "linkat"}
_MAKES = {83: "mkdir", 258: "mkdirat", 77: "ftruncate", 76: "truncate"}
_DROPS = {87: "unlink", 263: "unlinkat", 84: "rmdir"}
CALLS = _WRITES | _OPENS | _MOVES | _MAKES | _DROPS
_AT = {257, 264, 316, 265, 258, 263}  # their first argument is a folder
_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT

_TRACEME, _CONT, _GETREGS, _SETREGS, _SYSCALL, _SETOPTIONS, _EVENT = 0, 7, 12, 13, 24, 0x4200, 7
# Threads and children too; calls are told from signals; nothing outlives its tracer.
_OPTIONS = 1 | 2 | 4 | 8 | 0x80 | 0x100000
_REGISTERS = struct.Struct("27Q")
_RAX, _RDX, _RSI, _RDI, _ORIG_RAX = 10, 12, 13, 14, 15


@dataclass(frozen=True)
class Fault:
    """What happens at the nth step: killed before it, killed in its midst, no room, no rights."""

    kind: str
    nth: int


@dataclass(frozen=True)
class Traced:
    """How an act ended, what it said, and the steps that it took."""

    code: int
    said: str
    steps: tuple[str, ...]

    @property
    def was_killed(self) -> bool:
        """Say whether it was killed."""
        return self.code == -signal.SIGKILL


def traced(
    act: Callable[[], Any],
    folders: Sequence[Path],
    fault: Fault | None = None,
    patience_s: int = 60,
) -> Traced:
    """Run an act in a process of its own, broken at a step under these folders."""
    mine, theirs = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=_trace, args=(theirs, act, [str(f) for f in folders], fault))
    process.start()
    theirs.close()
    try:
        if not mine.poll(patience_s):
            raise TimeoutError(f"it hangs after {patience_s} s at {fault}")
        found: Traced = mine.recv()
        return found
    finally:
        process.kill()
        process.join()
        mine.close()


def _trace(said: Any, act: Callable[[], Any], folders: list[str], fault: Fault | None) -> None:
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(read)
        _be_traced(act, write)
    os.close(write)
    code, steps = _Tracer(child, folders, fault).run()
    text = b""
    while piece := os.read(read, 65_536):
        text += piece
    said.send(Traced(code, text.decode(), tuple(steps)))


def _be_traced(act: Callable[[], Any], told: int) -> None:
    """Run the act under the filter; this never returns."""
    code = BUG
    try:
        _ptrace(_TRACEME, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        _filter()
        act()
        code = 0
    except LeadlineError as error:
        os.write(told, str(error).encode())
        code = TOLD
    except BaseException:
        os.write(told, traceback.format_exc().encode())
    finally:
        os._exit(code)


class _Tracer:
    """Counts the steps of one process and of its threads, and breaks it."""

    def __init__(self, pid: int, folders: list[str], fault: Fault | None) -> None:
        self.pid, self.folders, self.fault = pid, tuple(folders), fault
        self.steps: list[str] = []
        self.is_dying: set[int] = set()  # in their last call
        self.known: set[int] = set()

    def run(self) -> tuple[int, list[str]]:
        """Go on until the process is gone; return how it ended and its steps."""
        os.waitpid(self.pid, 0)
        self.known.add(self.pid)
        _ptrace(_SETOPTIONS, self.pid, _OPTIONS)
        _ptrace(_CONT, self.pid)
        while True:
            pid, status = os.waitpid(-1, 0x40000000)
            if os.WIFEXITED(status) or os.WIFSIGNALED(status):
                if pid == self.pid:
                    return os.waitstatus_to_exitcode(status), self.steps
                continue
            with suppress(ProcessLookupError):  # it was killed meanwhile
                self._stopped(pid, status)

    def _stopped(self, pid: int, status: int) -> None:
        sign, event = os.WSTOPSIG(status), status >> 16
        how, passed_on = _CONT, 0
        if event == _EVENT:
            how = self._step(pid)
        elif sign == signal.SIGTRAP | 0x80:
            if pid in self.is_dying:
                os.kill(self.pid, signal.SIGKILL)
        elif not event and (pid in self.known or sign != signal.SIGSTOP):
            passed_on = sign
        self.known.add(pid)
        _ptrace(how, pid, passed_on)

    def _step(self, pid: int) -> int:
        """Look at a call before it is made; return how its thread goes on."""
        registers = list(_registers(pid))
        number = registers[_ORIG_RAX]
        path = _path(pid, number, registers)
        if not path.startswith(self.folders):
            return _CONT
        self.steps.append(f"{CALLS[number]} {path}")
        fault, nth = self.fault, len(self.steps)
        if fault is None or nth < fault.nth:
            return _CONT
        if fault.kind == "kill":
            os.kill(self.pid, signal.SIGKILL)
        elif fault.kind == "torn" and nth == fault.nth:
            self.is_dying.add(pid)
            if number in (1, 18):
                registers[_RDX] //= 2
                _ptrace(_SETREGS, pid, data=_REGISTERS.pack(*registers))
            return _SYSCALL
        elif wrong := _wrong(fault.kind, number):
            registers[_ORIG_RAX], registers[_RAX] = 2**64 - 1, 2**64 - wrong
            _ptrace(_SETREGS, pid, data=_REGISTERS.pack(*registers))
        return _CONT


def _wrong(kind: str, number: int) -> int:
    """Return what a disk that is full, or may only be read, says to a call; 0 lets it pass."""
    if kind == "read_only":
        return errno.EROFS
    is_growing = number in _WRITES or number in _OPENS or number in (83, 258, 86, 265)
    return errno.ENOSPC if kind == "full" and is_growing else 0


def _path(pid: int, number: int, registers: list[int]) -> str:
    """Return the path that a call is about: where it moves to, and the file that it writes."""
    with suppress(OSError):
        if number in _WRITES or number == 77:
            return os.readlink(f"/proc/{pid}/fd/{registers[_RDI]}")
        if number in (264, 316, 265):
            return _text(pid, registers[10 - 3])  # r10
        if number in (82, 86):
            return _text(pid, registers[_RSI])
        path = _text(pid, registers[_RSI if number in _AT else _RDI])
        if path.startswith("/") or number not in _AT:
            return path
        folder = ctypes.c_int32(registers[_RDI] & 0xFFFFFFFF).value
        where = f"/proc/{pid}/cwd" if folder == -100 else f"/proc/{pid}/fd/{folder}"
        return f"{os.readlink(where)}/{path}"
    return ""


def _text(pid: int, address: int) -> str:
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        memory.seek(address)
        return memory.read(512).partition(b"\0")[0].decode(errors="replace")


_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
_libc.ptrace.restype = ctypes.c_long


def _ptrace(request: int, pid: int, value: int = 0, *, data: Any = None) -> None:
    held = ctypes.create_string_buffer(data) if data else None
    told = ctypes.cast(held, ctypes.c_void_p) if held else ctypes.c_void_p(value)
    if _libc.ptrace(request, pid, 0, told) < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def _registers(pid: int) -> tuple[int, ...]:
    held = ctypes.create_string_buffer(_REGISTERS.size)
    if _libc.ptrace(_GETREGS, pid, 0, ctypes.cast(held, ctypes.c_void_p)) < 0:
        raise ProcessLookupError
    return _REGISTERS.unpack(held.raw)


def _filter() -> None:
    """Stop at the calls that change files, and let all others pass at full speed."""
    load, equal, either, answer = 0x20, 0x15, 0x45, 0x06
    trace, allow = 0x7FF00000, 0x7FFF0000
    lines: list[tuple[int, int, int, int]] = [(load, 0, 0, 0)]
    for number, argument in ((257, 2), (2, 1)):  # openat and open, by their flags
        lines += [
            (equal, 0, 4, number), (load, 0, 0, 16 + 8 * argument), (either, 0, 1, _TO_WRITE),
            (answer, 0, 0, trace), (answer, 0, 0, allow),
        ]  # fmt: skip
    for number in sorted(CALLS.keys() - {257, 2}):
        lines += [(equal, 0, 1, number), (answer, 0, 0, trace)]
    lines.append((answer, 0, 0, allow))
    code = b"".join(struct.pack("HBBI", *line) for line in lines)
    held = ctypes.create_string_buffer(code, len(code))
    program = ctypes.create_string_buffer(
        struct.pack("HxxxxxxQ", len(lines), ctypes.addressof(held)), 16
    )
    if _libc.prctl(38, 1, 0, 0, 0) or _libc.prctl(22, 2, program, 0, 0):
        raise OSError(ctypes.get_errno(), "no filter")
