"""What git knows of a project's files, asked of the program ``git``.

The checkout may be one that nobody has reviewed yet: no file in it, and no variable that a hook
left behind, decides what git runs or where it looks.
"""

from __future__ import annotations

import codecs
import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from s7spec.model.changed_files import ChangedFiles
from s7spec.model.source import SourceFile

SECONDS = 120.0

_FETCH_ALL = (
    "this clone is shallow: fetch the whole history (`fetch-depth: 0` of actions/checkout, "
    "`GIT_DEPTH: 0` of GitLab, or `git fetch --unshallow`)"
)
_DUBIOUS = re.compile(r"dubious ownership in repository at '(.*)'")
_NO_REPOSITORY = "not a git repository"

_KEPT = ("GIT_CONFIG", "GIT_SSH", "GIT_ASKPASS", "GIT_EXEC_PATH", "GIT_CEILING_DIRECTORIES")
"""Beginnings of those of git's variables that say how it works. The others say which repository,
index or revision is meant: in a hook, that of another one."""

_SAFE = (
    *("-c", "core.fsmonitor=false"),
    # A bare repository among the files of a checkout brings its own configuration.
    *("-c", "safe.bareRepository=explicit"),
)
_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_READ_BY_PLANS = ("*.yaml", "*.yml", "*.csv", "*.tsv", "*.j2")
_PROJECT_FILE = "s7spec.yaml"
_YAML = (".yaml", ".yml")
_REGULAR = ("100644", "100755")


class GitError(Exception):
    """Git cannot tell. ``str()`` says why in a sentence, ``remedy`` what to do."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(why)
        self.remedy = remedy


def root_of(folder: Path) -> Path | None:
    """The repository that a folder lies in: the nearest above it with a ``.git``, be that a folder
    or, of a worktree, a file. Git is not asked. None outside of any."""
    whole = folder.resolve()
    return next((each for each in (whole, *whole.parents) if (each / ".git").exists()), None)


def head_of(root: Path) -> tuple[str, bool] | None:
    """The commit that is checked out, and whether the project in ``root`` has changes of its own:
    changed files, or new ones that plans read. New JSON does not count: saved plans are such files.
    None without git, a repository or a commit."""
    git = _Git(root)
    try:
        git.check_repository()
        commit = git.line("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        changed = git.ask("diff", "--no-ext-diff", "--name-only", "-z", "HEAD", "--", ".")
        new = git.ask(*_NEW_FILES, "--", *_READ_BY_PLANS)
    except GitError:
        return None
    visible = [path for path in _texts(new) if not path.startswith(".s7spec/")]
    return commit, bool(changed or visible)


def changes_since(root: Path, revision: str) -> ChangedFiles:
    """What differs below ``root`` between the merge base of ``revision`` with what is checked out
    and the files as they lie there: committed or not, also those git does not know yet.

    Raises GitError when that cannot be told.
    """
    _check_revision(revision)
    git = _Git(root)
    git.check_repository()
    base = _merge_base(git, revision)
    changes = tuple(
        _changes(
            git.ask(
                *("diff", "--no-ext-diff", "--no-textconv", "--raw", "-z", "--no-abbrev"),
                *("--no-renames", "--relative", "--ignore-submodules=none", base, "--", "."),
            )
        )
    )
    new = _texts(git.ask(*_NEW_FILES))
    ignored = _texts(git.ask(*_IGNORED_FILES, "--", *_READ_BY_PLANS, "*.json", "*.txt"))
    return ChangedFiles(
        revision=revision,
        base=base,
        # A repository inside of this one is told of with a slash at its end.
        paths=frozenset(path.rstrip("/") for path in (*(each.path for each in changes), *new)),
        ignored=frozenset(path.rstrip("/") for path in ignored),
        before=_before(git, changes),
    )


_NEW_FILES = ("ls-files", "-z", "--others", "--exclude-standard")
_IGNORED_FILES = ("ls-files", "-z", "--others", "--ignored", "--exclude-standard")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """``blob`` is what it was, None when it was no regular file."""

    path: str
    blob: str | None


class _Git:
    """The program, asked about the repository that ``root`` lies in."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._environ = _environ(os.environ)

    def ask(self, *arguments: str, stdin: bytes = b"") -> bytes:
        done = self._run(arguments, stdin)
        if done.returncode:
            raise self._failure(done)
        return done.stdout

    def line(self, *arguments: str) -> str:
        return os.fsdecode(self.ask(*arguments)).rstrip("\n")

    def finds(self, *arguments: str) -> str | None:
        """A line; None when git says that there is none."""
        done = self._run(arguments, b"")
        return os.fsdecode(done.stdout).rstrip("\n") if done.returncode == 0 else None

    def check_repository(self) -> None:
        if self.line("rev-parse", "--is-inside-work-tree") != "true":
            raise GitError("the project lies in no checkout of git", _IN_A_CHECKOUT)
        if self.ignores_project:
            raise GitError("git ignores this project", "take it out of .gitignore, and commit it")

    @property
    def ignores_project(self) -> bool:
        return self.finds("check-ignore", "--quiet", "--", _PROJECT_FILE) is not None

    @property
    def is_shallow(self) -> bool:
        return self.finds("rev-parse", "--is-shallow-repository") == "true"

    def _run(self, arguments: Sequence[str], stdin: bytes) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                ("git", *_SAFE, *arguments),
                cwd=self._root,
                env=self._environ,
                input=stdin,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except FileNotFoundError as error:
            raise GitError("git is not installed", "install it, or leave --since out") from error
        except subprocess.TimeoutExpired as error:
            why = f"git did not end within {SECONDS:g} s"
            raise GitError(why, f"try `git {arguments[0]}` by hand") from error
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror}", "try `git status`") from error

    def _failure(self, done: subprocess.CompletedProcess[bytes]) -> GitError:
        said = done.stderr.decode(errors="replace").strip()
        dubious = _DUBIOUS.search(said)
        if dubious is not None:
            return GitError(
                "git does not trust this checkout: it belongs to another user",
                f"`git config --global --add safe.directory {dubious[1]}` trusts it; in a CI "
                "container, run it before s7spec",
            )
        if _NO_REPOSITORY in said:
            return GitError("the project lies in no git repository", _IN_A_CHECKOUT)
        lines = [line for line in said.splitlines() if not line.startswith("hint:")]
        why = lines[-1].removeprefix("fatal: ") if lines else f"it ended with {done.returncode}"
        return GitError(f"git cannot tell: {why}", "try `git status` in the project's folder")


_IN_A_CHECKOUT = (
    "--since compares with what git keeps: run it in a checkout (with its .git), or leave it out"
)


def _check_revision(revision: str) -> None:
    """What git would take for an option, or for more than one revision, never reaches it."""
    if not revision or revision != revision.strip() or not revision.isprintable():
        raise GitError(f"`{revision}` is no revision", _REVISIONS)
    if revision.startswith("-"):
        raise GitError(f"`{revision}` is an option, no revision", _REVISIONS)
    if ".." in revision:
        raise GitError(f"`{revision}` is a range, no revision", f"{_REVISIONS}; not both ends")


_REVISIONS = "name a branch, a tag or a commit: --since origin/main"


def _merge_base(git: _Git, revision: str) -> str:
    if git.finds("rev-parse", "--verify", "--quiet", "HEAD^{commit}") is None:
        raise GitError("nothing has been committed yet", "commit first, or leave --since out")
    commit = git.finds("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if commit is None or not _COMMIT.fullmatch(commit):
        fetch = _FETCH_ALL if git.is_shallow else _FETCH.format(_remote(revision))
        raise GitError(f"git knows no revision `{revision}`", fetch)
    base = git.finds("merge-base", commit, "HEAD")
    if base is None:
        why = f"`{revision}` and what is checked out have no commit in common"
        raise GitError(why, _FETCH_ALL if git.is_shallow else _REVISIONS)
    return base


_FETCH = "check its spelling, or fetch it: `git fetch {}`"


def _remote(revision: str) -> str:
    remote, slash, branch = revision.partition("/")
    is_plain = slash and branch.replace("/", "").replace("-", "").replace("_", "").isalnum()
    return f"{remote} {branch}" if is_plain and remote == "origin" else "origin"


def _changes(raw: bytes) -> Iterator[_Change]:
    """``:MODE MODE BLOB BLOB STATUS`` and a path, in turn."""
    texts = iter(_texts(raw))
    for head in texts:
        mode, _, blob, _, _ = head.removeprefix(":").split(" ")
        was_file = mode in _REGULAR and blob.strip("0") != ""
        yield _Change(path=next(texts), blob=blob if was_file else None)


def _before(git: _Git, changes: Sequence[_Change]) -> tuple[SourceFile, ...]:
    """YAML as it was, in one call. What is no text was no manifest."""
    wanted = [each for each in changes if each.blob and each.path.lower().endswith(_YAML)]
    if not wanted:
        return ()
    asked = "".join(f"{each.blob}\n" for each in wanted).encode()
    answer = git.ask("cat-file", "--batch", stdin=asked)
    return tuple(_files(wanted, answer))


def _files(wanted: Sequence[_Change], answer: bytes) -> Iterator[SourceFile]:
    at = 0
    for each in wanted:
        end = answer.index(b"\n", at)
        words = answer[at:end].split()
        if len(words) != 3:  # `missing`: a partial clone that cannot fetch it
            raise GitError(f"git does not have what {each.path} was", "`git fetch` may get it")
        size = int(words[2])
        text = _decoded(answer[end + 1 : end + 1 + size])
        at = end + 1 + size + 1
        if text is not None:
            yield SourceFile(path=each.path, text=text)


def _decoded(data: bytes) -> str | None:
    """As manifests are read: UTF-8, or UTF-16 with a byte order mark."""
    is_utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if is_utf_16 else "utf-8")
    except UnicodeDecodeError:
        return None


def _texts(raw: bytes) -> tuple[str, ...]:
    return tuple(os.fsdecode(text) for text in raw.split(b"\0") if text)


def _environ(environ: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: value
        for name, value in environ.items()
        if not name.startswith("GIT_") or name.startswith(_KEPT)
    }
    # Messages that can be read, nothing asked of a person, and no lock on somebody's index.
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    return {**kept, **quiet}
