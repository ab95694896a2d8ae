"""All settings of POSKO in one place: environment -> one frozen object, read once at the edge and passed down.

Every field is an environment variable with the prefix `POSKO_` (or a line in a file `.env` at the project's root);
`posko.env.example` shows each with its default, and a test keeps the two equal.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from posko.domain.errors import ConfigurationError

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Settings of one process. Relative paths are relative to the project's root."""

    model_config = SettingsConfigDict(
        env_prefix="POSKO_",
        env_file=PROJECT_ROOT / ".env",
        env_file_encoding="utf-8",
        frozen=True,
        extra="ignore",
    )

    environment: Literal["demo", "production"] = Field(
        default="demo",
        description="production refuses the simulator and the demo, and wants secrets outside the checkout",
    )
    var_dir: Path = Field(
        default=Path("var"),
        description="private servers, logs, Data Docs, dbt target: everything made at run time",
    )
    secrets_dir: Path | None = Field(
        default=None, description="folder of key and password files, mode 0700; empty: secrets/ below var_dir"
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="POSKO's own server, mysql://user:password@host:port, an account that may create schemas and accounts; "
        "empty: a private MariaDB below var_dir",
    )
    source_url: SecretStr | None = Field(
        default=None,
        description="the BNSP server that stands at BNP2TKI, mysql://user:password@host:port/database, read-only; "
        "empty: a private, simulated one below var_dir",
    )
    database_password_file: Path | None = Field(default=None, description="file with the password for database_url")
    source_password_file: Path | None = Field(default=None, description="file with the password for source_url")
    return_url: SecretStr | None = Field(
        default=None,
        description="the same server for the return of results, mysql://user:password@host:port/database, an account that may only add to "
        "hasil_uji and read it and hasil_uji_konfirmasi; empty: on the private source its own account, else package files",
    )
    return_password_file: Path | None = Field(default=None, description="file with the password for return_url")
    private_server: Literal["mariadb", "mysql"] = Field(default="mariadb", description="engine of the private servers")
    mysql_root_dir: Path = Field(
        default=Path("var/mysql-root"),
        description="folder of the Debian tree with MySQL, made when private_server is mysql",
    )
    private_buffer_pool_mb: int = Field(default=512, ge=32, description="InnoDB buffer pool of a private server, MiB")
    private_redo_log_mb: int = Field(default=256, ge=8, description="InnoDB redo log of a private server, MiB")

    source_name: str = Field(default="bnp2tki", description="name of the source in batches and reports")
    source_date_format: Literal["MDY", "DMY", "YMD"] = Field(
        default="MDY",
        description="declared order of the date texts of the source (Gambar 5: month/day/year); never guessed",
    )
    source_lock_seconds: int = Field(
        default=30, ge=1, description="how long the pull waits for a table that somebody locked at the source"
    )
    receive_overlap_minutes: int = Field(
        default=15,
        ge=0,
        description="look-back of the hourly pull below the watermark, for late commits and equal times",
    )
    receive_shrink_limit: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="share of the known TKI that may disappear at once before the run stops",
    )
    receive_chunk_rows: int = Field(default=5_000, ge=100, le=200_000, description="rows a chunk of the pull")
    receive_loaders: int = Field(default=2, ge=1, le=8, description="connections that load chunks side by side")
    gate_quarantine_share: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="share of the received TKI in quarantine above which the gate stops the run",
    )
    gate_quarantine_from_rows: int = Field(
        default=1000, ge=1, description="received TKI from which on the share in quarantine is judged"
    )
    gate_batch_age_hours: int = Field(
        default=24, ge=1, description="age of the newest batch above which staging is stale"
    )
    gate_unplaced_share: float = Field(
        default=0.5, ge=0, le=1, description="share of the eligible TKI without a seat above which the gate warns"
    )
    lease_seconds: int = Field(
        default=60, ge=5, description="a run that shows no sign of life for so long loses its lease"
    )
    finger_threshold_attend: int = Field(
        default=40,
        ge=1,
        le=400,
        description="NBIS score from which a finger matches at attendance, at the exit, and of the assessor at the TUK",
    )
    finger_threshold_login: int = Field(
        default=50, ge=1, le=400, description="NBIS score from which a finger signs one of the staff in"
    )
    finger_threshold_score: int = Field(
        default=50, ge=1, le=400, description="NBIS score from which an assessor's finger opens scoring"
    )
    finger_threshold_second: int = Field(
        default=50, ge=1, le=400, description="NBIS score from which the finger of a second person counts"
    )
    finger_threshold_enrol: int = Field(
        default=40, ge=1, le=400, description="NBIS score that impressions of one finger must have at enrolment"
    )
    station_host: str = Field(
        default="127.0.0.1",
        description="address on which posko station serve listens; stations come through nginx or directly",
    )
    station_port: int = Field(default=8443, ge=1, le=65535, description="port on which posko station serve listens")
    station_tls_cert_file: Path | None = Field(
        default=None,
        description="certificate chain of posko station serve, PEM; empty: in the demo a self-made one below the secrets",
    )
    station_tls_key_file: Path | None = Field(default=None, description="private key for station_tls_cert_file, PEM")
    station_url: str = Field(
        default="https://localhost:8443", description="on a station's computer: address of posko station serve"
    )
    station_ca_file: Path | None = Field(
        default=None,
        description="on a station's computer: the only authority that may vouch for the server, PEM; empty: the demo's",
    )
    station_dir: Path | None = Field(
        default=None, description="on a station's computer: its keys, day list and queue; empty: station/ below var_dir"
    )
    certificate_status_url: str = Field(
        default="https://bnsp.go.id/posko/status.json",
        description="where the signed status list of certificates is published; stands in the QR code of each certificate",
    )
    public_site_dir: Path | None = Field(
        default=None, description="folder of the public site that posko publish writes; empty: situs/ below var_dir"
    )
    public_proxies: str = Field(
        default="",
        description="addresses of proxies, with commas, whose X-Forwarded-For posko public believes; empty: nobody's",
    )
    public_tries_per_minute: int = Field(
        default=30, ge=1, description="look-ups and verifications that one address may make a minute at posko public"
    )
    dbt_threads: int = Field(
        default=2, ge=1, le=16, description="models that dbt builds side by side; on MySQL always one"
    )

    def path(self, value: Path) -> Path:
        """Return a path of the settings as an absolute one."""
        return value if value.is_absolute() else PROJECT_ROOT / value

    @property
    def var(self) -> Path:
        """Folder for everything made at run time."""
        return self.path(self.var_dir)

    @property
    def secrets(self) -> Path:
        """Folder of key and password files."""
        return self.path(self.secrets_dir) if self.secrets_dir else self.var / "secrets"

    @property
    def site(self) -> Path:
        """Folder of the public site."""
        return self.path(self.public_site_dir) if self.public_site_dir else self.var / "situs"

    @property
    def station(self) -> Path:
        """Folder of a station's computer: its keys, day list and queue."""
        return self.path(self.station_dir) if self.station_dir else self.var / "station"


def load_settings() -> Settings:
    """Read the environment once.

    Raises:
        ConfigurationError: a value does not fit; the sentence names the variable.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "POSKO_" + ".".join(str(part) for part in first["loc"]).upper()
        raise ConfigurationError(
            f"Setelan {name} tidak sah: {first['msg']}. Perbaiki nilainya; contoh ada di posko.env.example."
        ) from error
