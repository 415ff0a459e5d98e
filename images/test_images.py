"""The parts of images/ that need no Java and no network: python3 -m unittest discover -s images."""
import io
import json
import os
import pathlib
import struct
import sys
import tarfile
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import aot
import archive
import elf
import train
import trust

CONFIG = {"User": "65532:65532", "Labels": {"org.opencontainers.image.created": "2026-01-01T00:00:00Z"}}


class Folders(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def tree(self, name, order):
        for file in order:
            path = self.root / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file)
        (self.root / name / "link").symlink_to("a/x")
        return self.root / name


class ArchiveTest(Folders):
    def test_the_same_files_give_the_same_layer_however_and_whenever_they_were_written(self):
        one, other = self.tree("one", ["a/x", "a/y", "b"]), self.tree("other", ["b", "a/y", "a/x"])
        os.utime(other / "b", (1, 1))
        self.assertEqual(archive.tar(one), archive.tar(other))

    def test_files_are_roots_and_nobody_else_may_write_them(self):
        tree = self.tree("one", ["a/x", "run"])
        (tree / "run").chmod(0o777)
        (tree / "a/x").chmod(0o666)
        entries = {entry.name: entry for entry in tarfile.open(fileobj=io.BytesIO(archive.tar(tree)))}
        self.assertEqual((entries["run"].mode, entries["a/x"].mode, entries["a"].mode), (0o755, 0o644, 0o755))
        self.assertEqual({(entry.uid, entry.gid, entry.mtime) for entry in entries.values()}, {(0, 0, archive.EPOCH)})
        self.assertEqual(entries["link"].linkname, "a/x")

    def test_the_archive_names_what_is_in_it(self):
        layer, out = archive.Layer(self.tree("one", ["x"]), "files"), self.root / "image.tar"
        identity = archive.pack(out, "dunlin-operator:1", "arm64", CONFIG, [layer])
        with tarfile.open(out) as packed:
            read = {name: packed.extractfile(name).read() for name in packed.getnames()}
        manifest = json.loads(read["manifest.json"])[0]
        config = json.loads(read[manifest["Config"]])
        self.assertEqual(manifest["RepoTags"], ["dunlin-operator:1"])
        self.assertEqual(archive.digest(read[manifest["Config"]]), identity)
        self.assertEqual(config["rootfs"]["diff_ids"], [layer.diff_id])
        self.assertEqual((config["architecture"], config["config"]["User"]), ("arm64", "65532:65532"))
        self.assertEqual(read[manifest["Layers"][0]], layer.blob)


class AotTest(unittest.TestCase):
    @staticmethod
    def cache(checksum, time, resolved):
        made = bytearray(b"x" * 3 * 4096)
        made[0:4], made[4:8], made[8:16] = b"head", checksum, aot.VERSION
        made[8192:8200] = struct.pack("<q", time)
        made[8200:8208] = struct.pack("<II", 0xC2, 0xB6000309 if resolved else 0)
        return bytes(made)

    def test_times_chance_and_checksums_are_made_even_and_all_else_stays(self):
        caches = [self.cache(b"sum1", 1, False), self.cache(b"sum2", 2, True), self.cache(b"sum1", 3, False)]
        even = aot.even(caches)
        self.assertEqual((even[:4], even[4:8], even[8:16]), (b"head", bytes(4), aot.VERSION))
        self.assertEqual((even[8192:8200], even[8200:8208]), (bytes(8), struct.pack("<Q", 0xC2)))
        self.assertEqual(even[4096:8192], b"x" * 4096)
        self.assertEqual(even, aot.even([self.cache(b"sum4", 7, False), self.cache(b"sum5", 8, False), self.cache(b"sum6", 9, False)]))

    def test_caches_that_have_little_in_common_are_refused(self):
        with self.assertRaises(SystemExit):
            aot.even([b"x" * 200_000, b"y" * 200_000])
        with self.assertRaises(SystemExit):
            aot.even([b"x", b"xx"])

    def test_every_program_has_a_list_of_its_classes(self):
        self.assertEqual({file.name for file in aot.CLASSES.iterdir()}, {"operator.txt.gz", "node-agent.txt.gz"})

    def test_a_class_list_has_no_trace_of_the_run_that_it_is_from(self):
        text = "# note\nb/B id: 7\na/A id: 9\nq/Q id: 3 super: 1 source: file:/x\n@cp a/A 1 2\na/A$$Lambda/0x1 id: 4\n"
        self.assertEqual(train.classes(text), ["a/A\n", "b/B\n", "@cp a/A 1 2\n"])


class TrustTest(Folders):
    def test_a_store_of_certificates_is_what_keytool_calls_jks(self):
        folder = self.root / "certificates"
        folder.mkdir()
        (folder / "Some_CA.crt").write_text("-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\n")
        trust.write(folder, self.root / "cacerts")
        store = (self.root / "cacerts").read_bytes()
        self.assertEqual(struct.unpack(">III", store[:12]), (0xFEEDFEED, 2, 1))
        self.assertIn(b"some_ca", store)
        self.assertIn(b"X.509\x00\x00\x00\x03\x00\x01\x02", store)

    def test_no_certificates_are_a_fault(self):
        with self.assertRaises(SystemExit):
            trust.write(self.root, self.root / "cacerts")


@unittest.skipUnless(sys.platform == "linux" and struct.calcsize("P") == 8, "reads this machine's own programs")
class ElfTest(unittest.TestCase):
    def test_a_program_says_what_it_is_linked_with(self):
        program = os.path.realpath("/bin/sh")
        self.assertTrue(elf.is_elf(program))
        self.assertTrue(any("libc." in name for name in elf.needed(program)), elf.needed(program))
        self.assertGreater(elf.newest_glibc(program), 0)


if __name__ == "__main__":
    unittest.main()
