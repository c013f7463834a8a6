"""What `cogbuild lock` says: of flags that do not belong together, and of what it did."""
import functools
import http.server
import os
import subprocess
import threading
import unittest

from lock_test import LockCase


class LockMessagesTest(LockCase):
    def setUp(self):
        super().setUp()
        self.file = self.path("requirements.txt")
        self.write(self.file, "alpha\n")
        self.output = self.path("out.lock")

    def lock_file(self, *extra, **options):
        return self.cogbuild("lock", "-r", self.file, "--no-index", "--find-links", self.wheels, "--python", "3.12",
                             *extra, **options)

    def test_check_needs_a_lock_to_look_at(self):
        done = self.lock_file("--check", expect=2)
        self.assertEqual(done.err, "error: --check has no lock to look at\nhint: name the lock with -o\n")

    def test_check_and_locked_name_themselves_where_there_is_no_lock(self):
        done = self.lock("--check", expect=3)
        self.assertIn("error: there is no pylock.toml, but --check asks for one\n", done.err)

    def test_a_lock_with_marks_of_a_conflict_is_written_anew(self):
        self.lock()
        before = self.locks()
        self.write(os.path.join(self.project, "pylock.toml"), "<<<<<<< mine\n" + before[0])
        told = self.build("--locked", expect=2)
        self.assertIn("hint: `cogbuild lock` writes it anew\n", told.err)
        self.relock("--check", expect=3)
        self.assertIn("warning: pylock.toml:1:1: this is no TOML", self.relock().err)
        self.assertEqual(self.locks(), before)

    def test_flags_of_a_project_do_not_go_with_requirements(self):
        for flags in (["--base", "python:3.12"], ["--upgrade-base"], ["--platform", "linux/arm64"]):
            with self.subTest(flags=flags):
                self.assertIn(f"error: {flags[0]} does not go with -r\n", self.lock_file(*flags, expect=2).err)

    def test_a_wheel_that_a_url_with_a_login_names_is_fetched_from_the_lock(self):
        class Private(http.server.SimpleHTTPRequestHandler):
            def do_GET(handler):
                if handler.headers.get("Authorization") == "Basic am9lOnMzY3JldA==":
                    return super().do_GET()
                return handler.send_error(401)

            def log_message(handler, *words):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Private, directory=self.wheels))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        url = f"http://joe:s3cret@127.0.0.1:{server.server_port}/beta-1.0-py3-none-any.whl"
        self.write_project({"requirements.txt": f"beta @ {url}\n"})
        self.lock()
        self.assertNotIn("s3cret", "".join(self.locks()))
        self.cache = self.path("another-cache")
        self.build_layout("--locked")

    def test_a_directory_that_is_gone(self):
        gone = self.path("gone")
        os.makedirs(gone)
        done = self.cogbuild("lock", "-r", self.file, "--python", "3.12", "--no-index", "--find-links", "wheels", cwd=gone,
                             before=["sh", "-c", 'rmdir "$PWD" && exec "$0" "$@"'], expect=2)
        self.assertEqual(done.err, "error: the current directory is gone\nhint: change to one that exists\n")

    def test_a_platform_that_no_image_is_built_for(self):
        done = self.lock("--platform", "linux/s390x", expect=2)
        self.assertIn("error: there are no images for `linux/s390x` here\n", done.err)

    def test_changes_of_a_requirements_file_are_told_where_they_are_known(self):
        def lock(version):
            self.write(self.file, f"alpha=={version}\n")
            return self.lock_file("--format", "requirements", "-o", self.output).err
        self.assertRegex(lock("1.0"), r"^locked 2 distributions in [0-9.]+ s\n$")
        self.assertRegex(lock("1.1"), r"^alpha 1\.0 -> 1\.1\nlocked 2 distributions in [0-9.]+ s \(1 changed\)\n$")
        self.write(self.output, "<<<<<<< mine\n")
        self.assertRegex(lock("1.0"), r"^locked 2 distributions in [0-9.]+ s\n$")

    def test_another_revision_of_a_repository_is_seen(self):
        def git(*arguments):
            subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments],
                           cwd=self.path("repository"), env=self.environment(), check=True)
        os.makedirs(self.path("repository"))
        git("init", "--quiet", ".")
        for version in ("1", "2"):
            self.write(self.path("repository", "pyproject.toml"), f'[project]\nname = "gee"\nversion = "{version}"\n')
            git("add", "-A")
            git("commit", "--quiet", "-m", version)
            git("tag", "v" + version)
        for version in ("1", "2"):
            self.write(self.file, f"gee @ git+file://{self.path('repository')}@v{version}\n")
            self.lock_file("-o", self.output)
            with open(self.output, encoding="utf-8") as file:
                self.assertIn(f'requested-revision = "v{version}"', file.read())

    def test_a_link_to_a_wheel_is_the_wheel(self):
        links = self.path("project", "links")
        os.makedirs(links)
        for name in os.listdir(self.wheels):
            os.symlink(os.path.join(self.wheels, name), os.path.join(links, name))
        self.lock("--no-index", "--find-links", links)
        done = self.relock()
        self.assertRegex(done.err, r"^the lock of [0-9]+ distributions is up to date\n$")
        self.build_layout("--locked")


if __name__ == "__main__":
    unittest.main()
