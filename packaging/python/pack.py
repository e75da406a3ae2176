#!/usr/bin/env python3
"""Packs a built Linux program as a wheel without building it again: `pack.py BINARY OUT` prints the wheel's path.

Releases use maturin (`wheel.sh`); this is the same layout for a trial of what is built already.
"""

import base64
import hashlib
import platform
import re
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    if len(sys.argv) != 3:
        print("usage: pack.py BINARY OUT", file=sys.stderr)
        return 2
    version = re.search(r'^version = "(.*)"$', (ROOT / "Cargo.toml").read_text(), re.MULTILINE).group(1)
    tag = f"py3-none-manylinux2014_{platform.machine()}.musllinux_1_1_{platform.machine()}"
    info = f"passrole-{version}.dist-info"
    files = [
        (f"passrole-{version}.data/scripts/passrole", Path(sys.argv[1]).read_bytes(), 0o755),
        (f"{info}/METADATA", f"Metadata-Version: 2.1\nName: passrole\nVersion: {version}\n".encode(), 0o644),
        (f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: passrole\nRoot-Is-Purelib: false\nTag: {tag}\n".encode(), 0o644),
    ]
    record = "".join(
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}\n"
        for name, data, _ in files
    )
    files.append((f"{info}/RECORD", f"{record}{info}/RECORD,,\n".encode(), 0o644))
    out = Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"passrole-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, data, mode in files:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, data)
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
