# A remote-write receiver that answers as told: `receiver.py 503 429/0 200` answers so in turn, then 200 for ever.
# `429/7` sends "Retry-After: 7"; `hang` takes the request and never answers. Prints its port, then each request.
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

answers = iter(sys.argv[1:])
turn = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with turn:
            answer = next(answers, "200")
            headers = sorted([name.lower(), value] for name, value in self.headers.items())
            line = {"answer": answer, "path": self.path, "headers": headers, "body": body.hex()}
            print(json.dumps(line, sort_keys=True), flush=True)
        if answer == "hang":
            threading.Event().wait()
        status, _, pause = answer.partition("/")
        text = b"out of order sample\nsecond line"
        self.send_response(int(status))
        if pause:
            self.send_header("Retry-After", pause)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
