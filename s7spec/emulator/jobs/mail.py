"""Mails about jobs, as files in the outbox folder."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import quote

from s7spec.emulator.clock import ServerClock
from s7spec.emulator.store.job import Job

SETTINGS = ("All", "Error", "ErrorAndWarning", "JobCompletion", "None")
_SENDER = "embedded-ips@localhost"


class Outbox:
    """Writes ``<run id>.eml`` files. ``url`` is the address of the server, for the link."""

    def __init__(self, folder: Path, clock: ServerClock, *, url: str) -> None:
        self._folder = folder
        self._clock = clock
        self._url = url

    def report(self, job: Job, zip_path: str | None) -> None:
        """Write the mail that emailSetting asks for, if any. Raises OSError."""
        failed = job.errors > 0 or zip_path is None
        wanted = {
            "All": True,
            "JobCompletion": True,
            "ErrorAndWarning": failed or job.warnings > 0,
            "Error": failed,
        }
        if not wanted.get(job.export.emailSetting, False):
            return
        self._folder.mkdir(exist_ok=True)
        path = self._folder / f"{job.run_id}.eml"
        path.write_bytes(bytes(self._message(job, zip_path)))

    def _message(self, job: Job, zip_path: str | None) -> EmailMessage:
        outcome = "failed" if zip_path is None else "finished"
        message = EmailMessage()
        message["From"] = _SENDER
        message["To"] = job.mail_to
        message["Date"] = format_datetime(self._clock.local(self._clock.now()))
        message["Subject"] = " ".join(f"Export job {job.original_name} {outcome}".split())
        lines = [
            f"Job: {job.original_name}",
            f"Run: {job.handle}",
            f"Exported: {job.successes}, with warnings: {job.warnings}, failed: {job.errors}",
        ]
        if zip_path is not None:
            lines.append(f"Download: {self._url}/{quote(zip_path)}")
        message.set_content("\n".join(lines) + "\n")
        return message
