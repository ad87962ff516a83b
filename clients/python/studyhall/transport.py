"""GraphQL over HTTP and, for subscriptions, over WebSocket (graphql-transport-ws)."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any, Iterator, Mapping
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

from .errors import ConnectionLost, StudyhallError

_TIMEOUT_SECONDS = 60
# A run that trains says something every second; one that waits may be silent for hours, and is pinged meanwhile.
_UNAUTHORIZED = 4401
_MOST_BYTES = 64 * 1024 * 1024


class Api:
    """Speaks for one key."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url.rstrip("/")
        self.headers = {"Authorization": f"Bearer {key}"}

    def ask(self, document: str, variables: Mapping[str, Any] | None = None) -> Any:
        """The data of a query or mutation. Raises StudyhallError for whatever the API refuses."""
        body = json.dumps({"query": document, "variables": variables or {}}).encode()
        request = urllib.request.Request(
            f"{self.url}/graphql", body, {**self.headers, "Content-Type": "application/json"}
        )
        answer = json.loads(self._read(request))
        _raise_first(answer.get("errors"))
        data = answer["data"]
        for payload in data.values():
            if isinstance(payload, dict):
                _raise_first(payload.get("errors"))
        return data

    def at(self, address: str) -> str:
        """An address that the API gave, at the origin that was asked: the key goes nowhere else."""
        parts = urlsplit(address)
        return f"{self.url}{parts.path}{f'?{parts.query}' if parts.query else ''}"

    def _read(self, request: urllib.request.Request) -> bytes:
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            if error.code == 503:
                raise ConnectionLost(f"Studyhall does not answer at {self.url}.") from error
            body = error.read()
            if not body.startswith(b"{"):
                raise StudyhallError(f"{self.url} answered {error.code}: is it the address of Studyhall?") from error
            return body
        except OSError as error:
            raise ConnectionLost(f"Studyhall does not answer at {self.url}.") from error

    def listen(self, document: str, variables: Mapping[str, Any]) -> Iterator[Any]:
        """The data of each event of a subscription, until it completes. Raises ConnectionLost where the socket breaks."""
        address = f"ws{self.url[4:]}/graphql"
        try:
            with connect(address, subprotocols=["graphql-transport-ws"], max_size=_MOST_BYTES) as socket:
                _send(socket, "connection_init", payload={"authorization": self.headers["Authorization"]})
                for text in socket:
                    message = json.loads(text)
                    if message["type"] == "connection_ack":
                        _send(socket, "subscribe", id="1", payload={"query": document, "variables": variables})
                    elif message["type"] == "ping":
                        _send(socket, "pong")
                    elif message["type"] == "next":
                        _raise_first(message["payload"].get("errors"))
                        yield message["payload"]["data"]
                    elif message["type"] == "error":
                        _raise_first(message["payload"])
                    elif message["type"] == "complete":
                        return
            raise ConnectionLost(f"The connection to {self.url} was closed.")
        except ConnectionClosed as error:
            if error.rcvd is not None and error.rcvd.code == _UNAUTHORIZED:
                raise StudyhallError("The API key is not good.", "UNAUTHENTICATED") from error
            raise ConnectionLost(f"The connection to {self.url} broke.") from error
        except (OSError, InvalidHandshake) as error:
            raise ConnectionLost(f"Studyhall does not answer at {self.url}.") from error


def _send(socket: Any, type: str, **more: Any) -> None:
    socket.send(json.dumps({"type": type, **more}))


def _raise_first(errors: Any) -> None:
    if not errors:
        return
    code = errors[0].get("code") or errors[0].get("extensions", {}).get("code")
    raise StudyhallError("; ".join(error["message"] for error in errors), code)
