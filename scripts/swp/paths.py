"""Where things lie: the project, and the home that holds deliveries and databases."""

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Home:
    """The folder that `SWP_HOME` names (default `data` in the project)."""

    root: Path

    @classmethod
    def current(cls) -> "Home":
        root = Path(os.environ.get("SWP_HOME") or PROJECT / "data")
        return cls(root.expanduser().absolute())

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def landed(self) -> Path:
        return self.root / "landed"

    @property
    def build(self) -> Path:
        return self.root / "build"

    @property
    def vault(self) -> Path:
        return self.build / "vault.duckdb"

    @property
    def warehouse(self) -> Path:
        return self.build / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        return self.root / "published"

    @property
    def current_publication(self) -> Path:
        return self.published / "current"

    @property
    def reports(self) -> Path:
        """Delivery reports, a file per delivery, to send back to the partner."""
        return self.root / "reports"

    @property
    def truth(self) -> Path:
        """Who is who in the sample, for measuring linkage; never delivered, never landed."""
        return self.root / "truth"

    @property
    def lock(self) -> Path:
        return self.build / "run.lock"

    @property
    def scratch(self) -> Path:
        """Temporary files of a run; emptied when the next run takes the lock."""
        return self.build / "scratch"

    def ensure(self) -> "Home":
        """Make the folders, readable by their owner only (partners' data lie in them).

        The root, which readers of what is published pass through, and the inbox, where others may put files,
        keep the mode that somebody gave them later.
        """
        for folder in (self.root, self.inbox, self.landed, self.reports, self.build, self.scratch):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in (self.landed, self.reports, self.build, self.scratch):
            if folder.stat().st_mode & 0o077:
                folder.chmod(0o700)
        return self
