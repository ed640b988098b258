"""Kernels forked from one process that has imported what nearly every chapter imports.

A chapter runs in a process of its own, as ever, and its imports find their modules in memory:
`jupyter_client` is given another way to launch a kernel, and the forkserver of the standard
library does the rest.
"""
import asyncio
import multiprocessing
import os
import resource
import sys
import threading
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from pathlib import Path

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

NAME = "forked"
SOON = 0.02  # seconds
INLINE = "module://matplotlib_inline.backend_inline"
IMPORTED = ("__main__", "ipykernel.kernelapp", "pandas", "matplotlib.pyplot", "seaborn", "lmfit",
            "scipy.stats", "scaling_utils.report.page", "scaling_utils.report.plot",
            "scaling_utils.fit.curve", "scaling_utils.fit.counts")  # fmt: skip


class Last(threading.local):
    """What the kernel used that ended last in this thread, in seconds of a processor."""

    seconds = 0.0


last = Last()


def processor_seconds(*whose):
    """Of this process, or of its children that have ended."""
    used = [resource.getrusage(one) for one in whose]
    return sum(one.ru_utime + one.ru_stime for one in used)


def be_kernel(connection_file, folder, settings, pipe):
    """In the new process: a kernel like any other, until it is told to end; then what it used."""
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    os.chdir(folder)
    os.environ.update(settings)
    sys.path[:] = [path for path in sys.path if path != str(Path(__file__).parent)]
    IPKernelApp.launch_instance(["-f", connection_file,
                                 f"--IPKernelApp.parent_handle={os.getppid()}"])
    pipe.send(processor_seconds(resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


class Forked(LocalProvisioner):
    """Launches a kernel by a fork; everything else is as for a local one."""

    async def launch_kernel(self, cmd, **kwargs):
        self.pipe, theirs = multiprocessing.Pipe(duplex=False)
        self.process = multiprocessing.get_context("forkserver").Process(
            target=be_kernel, daemon=True,
            args=(cmd[cmd.index("-f") + 1], kwargs["cwd"], kwargs["env"], theirs))  # fmt: skip
        self.process.start()
        theirs.close()
        self.pid, self.cwd = self.process.pid, kwargs["cwd"]
        return self.connection_info

    async def poll(self):
        return self.process.exitcode if self.process else 0

    async def send_signal(self, signum):
        if self.process:
            os.kill(self.pid, signum)

    async def wait(self):
        """Until it has ended; what it used is kept for the one who ran it."""
        if self.process is None:
            return 0
        while not self.pipe.poll():
            await asyncio.sleep(SOON)
        try:
            last.seconds = self.pipe.recv()
        except EOFError:  # it was killed
            last.seconds = 0.0
        while self.process.exitcode is None:
            await asyncio.sleep(SOON)
        code, self.process = self.process.exitcode, None
        return code


@contextmanager
def forked():
    """Within this, kernels without a provisioner of their own are forked."""
    os.environ["MPLBACKEND"] = INLINE  # as a kernel sets it for itself
    multiprocessing.get_context("forkserver").set_forkserver_preload(IMPORTED)
    factory = KernelProvisionerFactory.instance()
    factory.provisioners[NAME] = EntryPoint(NAME, f"{__name__}:Forked", factory.GROUP_NAME)
    usual, factory.default_provisioner_name = factory.default_provisioner_name, NAME
    try:
        yield
    finally:
        factory.default_provisioner_name = usual
