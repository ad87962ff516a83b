"""Uploads by tus and downloads by range: each goes on where it was cut off."""

from __future__ import annotations

import hashlib
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import Callable, cast

from . import operations as ops
from .errors import ConnectionLost, StudyhallError
from .transport import Api

Progress = Callable[[int, int], None]
"""Called with bytes so far and bytes in all."""

_CHUNK_BYTES = 8 * 1024 * 1024
_MOST_ATTEMPTS = 6
_WAIT_SECONDS = 0.5
_TIMEOUT_SECONDS = 120


def upload(api: Api, team_id: str, path: Path, progress: Progress | None = None) -> ops.UploadParts:
    """Sends an archive, or a folder as a zip, and finalizes it."""
    if not path.is_dir():
        return _send(api, team_id, path, progress)
    with tempfile.TemporaryDirectory(prefix="studyhall-upload-") as folder:
        archive = Path(folder) / f"{path.resolve().name}.zip"
        _archive(path, archive)
        return _send(api, team_id, archive, progress)


def _archive(folder: Path, archive: Path) -> None:
    """Uncompressed, since images are compressed already; hidden files stay out."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as out:
        for file in files:
            name = file.relative_to(folder)
            if not any(part.startswith(".") for part in name.parts):
                out.write(file, name.as_posix())


def _send(api: Api, team_id: str, path: Path, progress: Progress | None) -> ops.UploadParts:
    size = path.stat().st_size
    created = api.ask(ops.CREATE_UPLOAD, {"input": {"teamId": team_id, "fileName": path.name, "byteLength": size}})
    begun = created["createUpload"]["upload"]
    address = api.at(begun["url"])
    offset, failures = 0, 0
    with path.open("rb") as file:
        while offset < size:
            file.seek(offset)
            try:
                offset = _patch(api, address, offset, file.read(_CHUNK_BYTES))
                failures = 0
            except OSError as error:
                failures += 1
                if failures == _MOST_ATTEMPTS:
                    raise ConnectionLost(f"The upload of {path.name} broke off: {error}") from error
                time.sleep(_WAIT_SECONDS * failures)
                offset = _offset(api, address, offset)
            if progress:
                progress(offset, size)
    final = api.ask(ops.FINALIZE_UPLOAD, {"input": {"uploadId": begun["id"], "sha256": hash_of(path)}})
    return cast(ops.UploadParts, final["finalizeUpload"]["upload"])


def _patch(api: Api, address: str, offset: int, chunk: bytes) -> int:
    headers = {
        **api.headers,
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": str(offset),
        "Content-Type": "application/offset+octet-stream",
    }
    request = urllib.request.Request(address, chunk, headers, method="PATCH")
    with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:
        return int(answer.headers["Upload-Offset"])


def _offset(api: Api, address: str, before: int) -> int:
    """How much has come; what was known before, where nothing answers yet."""
    request = urllib.request.Request(address, headers={**api.headers, "Tus-Resumable": "1.0.0"}, method="HEAD")
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:
            return int(answer.headers["Upload-Offset"])
    except OSError:
        return before


def download(api: Api, id: str, folder: Path, format: ops.ArtifactFormat, progress: Progress | None = None) -> Path:
    """Downloads a model or ensemble, or what is missing of it, and verifies its hash."""
    link = _sign(api, id, format)
    artifact = link["artifact"]
    size, sha256 = artifact["byteLength"], artifact["sha256"]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / Path(artifact["fileName"]).name
    if path.exists() and path.stat().st_size == size and hash_of(path) == sha256:
        return path
    part = path.with_name(f"{path.name}.{sha256[:12]}.part")
    for attempt in range(1, _MOST_ATTEMPTS + 1):
        have = part.stat().st_size if part.exists() else 0
        if have >= size:
            break
        try:
            _receive(api.at(link["url"]), part, have, sha256, size, progress)
        except OSError as error:
            if attempt == _MOST_ATTEMPTS:
                raise ConnectionLost(f"Downloading {path.name} broke off: {error}. Call it again to go on.") from error
            time.sleep(_WAIT_SECONDS * attempt)
            link = _sign(api, id, format)
    if hash_of(part) != sha256:
        part.unlink()
        raise StudyhallError(f"{path.name} came with another hash, and was deleted: download it again.")
    return part.replace(path)


def _sign(api: Api, id: str, format: ops.ArtifactFormat):
    return api.ask(ops.CREATE_DOWNLOAD, {"input": {"id": id, "format": format}})["createDownload"]["download"]


def _receive(url: str, part: Path, have: int, sha256: str, size: int, progress: Progress | None) -> None:
    headers = {"Range": f"bytes={have}-", "If-Range": f'"{sha256}"'} if have else {}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=_TIMEOUT_SECONDS) as answer:
        is_rest = answer.status == 206
        got = have if is_rest else 0
        with part.open("ab" if is_rest else "wb") as file:
            while chunk := answer.read(256 * 1024):
                file.write(chunk)
                got += len(chunk)
                if progress:
                    progress(got, size)
    if got < size:
        raise OSError(f"{got} of {size} bytes came")


def hash_of(path: Path) -> str:
    """Hexadecimal SHA-256."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
    return digest.hexdigest()
