#!/usr/bin/env python3
"""Stands where a collector stands: keeps what is sent to it over OTLP/HTTP, one file per message. otlp-sink.py FOLDER; prints its port."""
import http.server
import itertools
import pathlib
import sys

folder, numbers = pathlib.Path(sys.argv[1]), itertools.count()


class Sink(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        (folder / f"{self.path.rsplit('/', 1)[-1]}-{next(numbers):06}").write_bytes(body)
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sink)
print(server.server_port, flush=True)
server.serve_forever()
