"""A mailbox and a mail server on this machine, each as small as the protocol lets it be, with the faults of real ones."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Box(socketserver.StreamRequestHandler):
    """IMAP: `server.mails` by uid; a mail that is None cannot be fetched, one of `server.sizes` says it is that large."""

    def handle(self) -> None:
        self.wfile.write(b"* OK\r\n")
        for raw in self.rfile:
            tag, _, asked = raw.decode().strip().partition(" ")
            for line in self.answers(asked):
                self.wfile.write(line + b"\r\n")
            self.wfile.write(f"{tag} {'NO' if self.is_broken(asked) else 'OK'} done\r\n".encode())

    def is_broken(self, asked: str) -> bool:
        return asked.startswith("UID FETCH") and self.server.mails[int(asked.split()[2])] is None

    def answers(self, asked: str) -> Iterator[bytes]:
        server = self.server
        if asked == "CAPABILITY":
            yield b"* CAPABILITY IMAP4rev1"
        elif asked.startswith("UID SEARCH"):
            yield f"* SEARCH {' '.join(str(uid) for uid in server.mails if uid not in server.seen)}".encode()
        elif asked.startswith("UID STORE"):
            server.seen.add(int(asked.split()[2]))
        elif asked.startswith("UID FETCH") and not self.is_broken(asked):
            uid = int(asked.split()[2])
            mail = server.mails[uid]
            if "[]" in asked:
                server.fetched.append(uid)
                yield b"* 1 FETCH (UID %d BODY[] {%d}\r\n%b)" % (uid, len(mail), mail)
            else:
                head, size = mail.partition(b"\n\n")[0] + b"\n\n", server.sizes.get(uid, len(mail))
                yield b"* 1 FETCH (UID %d BODY[HEADER] {%d}\r\n%b RFC822.SIZE %d)" % (uid, len(head), head, size)


class Post(socketserver.StreamRequestHandler):
    """SMTP without SMTPUTF8: answers a recipient by the figures its address begins with."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for raw in self.rfile:
            asked = raw.decode().strip()
            if asked.upper() == "DATA":
                self.wfile.write(b"354 go on\r\n")
                self.server.got.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            code = re.match(r"RCPT TO:<(\d{3})", asked, re.I)
            said = code[1] if code else "451" if asked.upper() == "QUIT" else "250"
            self.wfile.write(f"{said} so\r\n".encode())


@contextmanager
def serving(
    handler: type[socketserver.StreamRequestHandler], **kept: object
) -> Iterator[socketserver.ThreadingTCPServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads, server.address = True, f"127.0.0.1:{server.server_address[1]}"
        for name, value in kept.items():
            setattr(server, name, value)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
