"""wasi:cli/command 0.2 by componentize-py: does what every command among the guests does."""

import os
import sys

from wit_world import exports


class Run(exports.Run):
    def run(self) -> None:
        args = sys.argv[1:]
        print("arguments:", ", ".join(args))
        print("greeting:", os.environ.get("GREETING", "unset"))

        read = sys.stdin.buffer.read()
        print(f"standard input: {len(read)} bytes in {len(read.splitlines())} lines")

        with open("/data/in.txt", encoding="utf-8") as file:
            text = file.read()
        print("in.txt:", text, end="")
        with open("/data/out.txt", "w", encoding="utf-8") as file:
            file.write(text.upper())
        with open("/data/out.txt", encoding="utf-8") as file:
            print("out.txt:", file.read(), end="")
        try:
            open("/data/missing.txt").close()
            print("missing.txt: there")
        except FileNotFoundError:
            print("missing.txt: entity not found")

        print("a line on standard error", file=sys.stderr)
        if args and args[-1].isdigit():
            sys.exit(int(args[-1]))
