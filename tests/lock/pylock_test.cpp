#include <cogbuild/lock/pylock.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>
#include <string>

using namespace cogbuild;
using lock::Form;
using lock::Group;
using lock::Lock;
using lock::LockedDistribution;

namespace {

digest::Digest digest_of_letter(char letter) {
  return digest::Digest::parse_hex(std::string(64, letter)).value();
}

LockedDistribution of_index() {
  return {.name = "numpy",
          .metadata_name = "numpy",
          .version = "1.26.4",
          .file_name = "numpy-1.26.4-cp311-cp311-manylinux_2_17_x86_64.whl",
          .location = "https://host/f/numpy-1.26.4-cp311-cp311-manylinux_2_17_x86_64.whl",
          .digest = digest_of_letter('a'),
          .size_bytes = 18,
          .requested = true,
          .index = "https://host/simple/",
          .upload_time = "2024-02-05T23:51:50.295000Z",
          .requires_python = ">=3.9"};
}

Lock wrap(std::vector<LockedDistribution> distributions) {
  return {.python_version = "3.11.2",
          .architecture = "x86_64",
          .libc = "glibc 2.36",
          .inputs = "sha256:00",
          .indexes = {"https://host/simple/"},
          .distributions = std::move(distributions)};
}

python::Target target(const char* version = "3.11.2", const char* architecture = "x86_64") {
  return {.python = python::Version::parse(version).value(),
          .architecture = architecture,
          .libc = {.minor = 36}};
}

constexpr const char* kHash = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

// A lock of another tool with these packages.
std::string foreign(const std::string& packages, const std::string& head = "") {
  std::string text = "lock-version = \"1.0\"\ncreated-by = \"other\"\n" + head + packages;
  for (auto at = text.find("HASHES"); at != std::string::npos; at = text.find("HASHES"))
    text.replace(at, 6, std::string("hashes = { sha256 = \"") + kHash + "\" }");
  return text;
}

std::string message(const Result<Lock>& lock) {
  REQUIRE(!lock);
  return render(lock.error());
}

}  // namespace

TEST_CASE("to_pylock: the bytes of a small lock") {
  auto cog = of_index();
  cog.name = "cog";
  cog.metadata_name = "Cog";
  cog.version = "0.22.0";
  cog.file_name = "cog-0.22.0-py3-none-any.whl";
  cog.location = "https://host/f/cog-0.22.0-py3-none-any.whl";
  cog.group = Group::runtime;
  cog.requested = false;
  cog.upload_time.clear();
  cog.requires_names = {"numpy", "pyyaml"};
  CHECK(to_pylock(wrap({of_index(), cog})) == R"(lock-version = "1.0"
environments = ["implementation_name == 'cpython' and sys_platform == 'linux' and platform_machine == 'x86_64' and python_version == '3.11'"]
requires-python = "==3.11.*"
created-by = "cogbuild"

[[packages]]
name = "cog"
version = "0.22.0"
requires-python = ">=3.9"
index = "https://host/simple/"
dependencies = [
  { name = "numpy" },
  { name = "pyyaml" },
]
wheels = [{ url = "https://host/f/cog-0.22.0-py3-none-any.whl", size = 18, hashes = { sha256 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" } }]

[packages.tool.cogbuild]
metadata-name = "Cog"
group = "runtime"

[[packages]]
name = "numpy"
version = "1.26.4"
requires-python = ">=3.9"
index = "https://host/simple/"
wheels = [{ upload-time = 2024-02-05T23:51:50.295000Z, url = "https://host/f/numpy-1.26.4-cp311-cp311-manylinux_2_17_x86_64.whl", size = 18, hashes = { sha256 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" } }]

[packages.tool.cogbuild]
requested = true

[tool.cogbuild]
inputs = "sha256:00"
python-version = "3.11.2"
architecture = "x86_64"
libc = "glibc 2.36"
indexes = ["https://host/simple/"]
)");
}

TEST_CASE("to_pylock: an empty lock is a valid one") {
  CHECK(to_pylock(Lock{}) == "lock-version = \"1.0\"\ncreated-by = \"cogbuild\"\npackages = []\n");
  CHECK(lock::parse_pylock(to_pylock(Lock{})).value() == Lock{});
}

TEST_CASE("parse_pylock: reads back every kind of source that to_pylock writes") {
  auto other_name = of_index();
  other_name.location = "https://host/get?id=1";
  auto local = of_index();
  local.direct_url = true;
  local.location = "wheels/" + local.file_name;
  local.index.clear();
  local.upload_time.clear();
  auto odd_archive = local;
  odd_archive.form = Form::source_archive;
  odd_archive.location = "https://host/zipball/main";
  odd_archive.file_name = "main";
  odd_archive.subdirectory = "python";
  auto renamed_archive = odd_archive;
  renamed_archive.file_name = "numpy-1.26.4.zip";
  auto sdist = of_index();
  sdist.form = Form::source_archive;
  sdist.file_name = "numpy-1.26.4.tar.gz";
  sdist.location = "https://host/f/numpy-1.26.4.tar.gz";
  const LockedDistribution git{.name = "numpy",
                               .metadata_name = "numpy",
                               .version = "1.0",
                               .form = Form::version_control,
                               .location = "https://host/numpy.git",
                               .direct_url = true,
                               .commit = std::string(40, '1'),
                               .requested_revision = "main",
                               .subdirectory = "python"};
  auto prefixed = git;
  prefixed.location = "git+ssh://git@host/numpy.git";
  prefixed.digest = digest_of_letter('b');
  prefixed.size_bytes = 7;
  const LockedDistribution directory{.name = "numpy",
                                     .metadata_name = "numpy",
                                     .version = "1.0",
                                     .form = Form::directory,
                                     .location = "libs/numpy",
                                     .direct_url = true};
  auto find_links = of_index();
  find_links.index = "wheels";
  find_links.location = "wheels/" + find_links.file_name;
  find_links.upload_time = "2024-02-05T23:51:50.295Z";
  auto stub = of_index();
  stub.replaces = "opencv-python";
  stub.stands_for = {"a", "b"};
  stub.metadata_digest = "sha256:" + std::string(64, 'a');
  stub.upload_time = "2024-02-30T23:51:50Z";  // no such day: kept as text
  for (const auto& one : {of_index(), other_name, local, odd_archive, renamed_archive, sdist, git,
                          prefixed, directory, find_links, stub}) {
    const Lock lock = wrap({one});
    const std::string text = to_pylock(lock);
    CAPTURE(text);
    const auto parsed = lock::parse_pylock(text);
    REQUIRE_MESSAGE(parsed, (parsed ? "" : render(parsed.error())));
    CHECK(*parsed == lock);
    CHECK(to_pylock(*parsed) == text);
  }
}

TEST_CASE("to_pylock: text from outside cannot break out of its string") {
  auto evil = of_index();
  evil.version = "1\"\n[tool]\nx = \"\\\x01\x7F";
  evil.metadata_name = "n\xFFumpy";
  const std::string text = to_pylock(wrap({evil}));
  CHECK(text.find("version = \"1\\\"\\u000A[tool]\\u000Ax = \\\"\\\\\\u0001\\u007F\"") !=
        std::string::npos);
  CHECK(text.find("\xFF") == std::string::npos);
  CHECK(text.find("n\xEF\xBF\xBDumpy") != std::string::npos);
}

TEST_CASE("parse_pylock: of several wheels the target's best counts") {
  const auto text = foreign(R"([[packages]]
name = "numpy"
version = "1.26.4"
sdist = { url = "https://host/numpy-1.26.4.tar.gz", HASHES }
wheels = [
  { url = "https://host/numpy-1.26.4-cp312-cp312-manylinux_2_17_x86_64.whl", HASHES },
  { url = "https://host/numpy-1.26.4-cp311-cp311-manylinux_2_17_x86_64.whl", size = 3, HASHES },
]
)");
  const auto chosen_for = [&text](const python::Target& where) {
    return lock::parse_pylock(text, {.target = &where}).value().distributions.at(0);
  };
  CHECK(chosen_for(target()).file_name == "numpy-1.26.4-cp311-cp311-manylinux_2_17_x86_64.whl");
  CHECK(chosen_for(target()).size_bytes == 3);
  CHECK(chosen_for(target("3.13")).file_name == "numpy-1.26.4.tar.gz");
  CHECK(chosen_for(target("3.13")).form == Form::source_archive);
  CHECK(message(lock::parse_pylock(text)) ==
        "pylock.toml:3:1: error: `numpy` has 2 wheels, for several environments\n"
        "  3 | [[packages]]\n"
        "    | ^\n");
}

TEST_CASE("parse_pylock: markers and environments are those of the target") {
  const std::string packages = R"([[packages]]
name = "b"
version = "2"
marker = "python_version >= '3.12'"
archive = { url = "https://user:secret@host/b-2.zip", HASHES }
[[packages]]
name = "b"
version = "1"
marker = "python_version < '3.12'"
archive = { path = "b-1-py3-none-any.whl", HASHES }
[[packages]]
name = "a"
version = "1"
directory = { path = "a", editable = true }
)";
  const std::string head =
      "environments = [\"python_version == '3.11'\", \"python_version == '3.12'\"]\n";
  const auto on_311 = target();
  const auto lock = lock::parse_pylock(foreign(packages, head), {.target = &on_311}).value();
  REQUIRE(lock.distributions.size() == 2);
  CHECK(lock.distributions[0].name == "a");
  CHECK(lock.distributions[1].version == "1");
  CHECK(lock.distributions[1].form == Form::wheel);
  CHECK(lock.python_version == "3.11.2");
  CHECK(lock.inputs.empty());
  const auto on_312 = target("3.12");
  const auto newer = lock::parse_pylock(foreign(packages, head), {.target = &on_312}).value();
  CHECK(newer.distributions[1].location == "https://host/b-2.zip");
  const auto on_313 = target("3.13");
  CHECK(message(lock::parse_pylock(foreign(packages, head), {.target = &on_313})) ==
        "pylock.toml:3:16: error: the lock is not for CPython 3.13 on linux x86_64, glibc 2.36\n"
        "  3 | environments = [\"python_version == '3.11'\", \"python_version == '3.12'\"]\n"
        "    |                ^\n");
  CHECK(message(lock::parse_pylock(foreign(packages))).find("`b` stands twice") !=
        std::string::npos);
}

TEST_CASE("read_pylock: a later minor version is read with a warning, a major one refused") {
  const auto with = [](const std::string& version) {
    return "lock-version = \"" + version + "\"\ncreated-by = \"x\"\npackages = []\n";
  };
  CHECK(lock::read_pylock(with("1.0")).value().warnings.empty());
  const auto later = lock::read_pylock(with("1.3"));
  REQUIRE(later);
  REQUIRE(later->warnings.size() == 1);
  CHECK(later->warnings[0].message() ==
        "the lock has version 1.3, what 1.0 does not know is passed over");
  CHECK(message(lock::parse_pylock(with("2.0"))) ==
        "pylock.toml:1:16: error: the lock has version 2.0, this cogbuild reads 1.0\n"
        "  1 | lock-version = \"2.0\"\n"
        "    |                ^\n");
  for (const char* version : {"1", "1.0.0", "one", "1.0rc1", ""})
    CHECK(!lock::parse_pylock(with(version)));
}

TEST_CASE("parse_pylock: what is wrong is told with its place") {
  struct Row {
    std::string packages;
    std::string words;
  };
  const std::string wheel = "wheels = [{ url = \"https://h/a-1-py3-none-any.whl\", HASHES }]\n";
  const std::string head = "[[packages]]\nname = \"a\"\nversion = \"1\"\n";
  const std::vector<Row> rows = {
      {"", "pylock.toml:1:1: error: the lock has no `packages`"},
      {"packages = 1\n", "3:12: error: `packages` must be a list of tables"},
      {"packages = [1]\n", "3:13: error: `packages` must hold tables alone"},
      {"[[packages]]\nversion = \"1\"\n" + wheel, "3:1: error: a package has no `name`"},
      {"[[packages]]\nname = \"\"\n" + wheel, "a package has an empty name"},
      {"[[packages]]\nname = \"-\"\n" + wheel, "4:8: error: "},
      {"[[packages]]\nname = \"A_b\"\n", "the name `A_b` must be written `a-b` in a lock"},
      {"[[packages]]\nname = \"a\"\nversion = \"one\"\n" + wheel, "5:11: error: "},
      {head, "`a` needs exactly one of `wheels` and `sdist`, `archive`, `vcs`, `directory`"},
      {head + wheel + "directory = { path = \"a\" }\n", "`a` needs exactly one of"},
      {head + "archive = { url = \"https://h/a.zip\", HASHES }\nvcs = { type = \"git\" }\n",
       "`a` needs exactly one of"},
      {head + "wheels = []\n", "`a` has no files"},
      {head + "wheels = 3\n", "`wheels` must be a list of tables"},
      {head + "wheels = [{ url = \"https://h/b-1-py3-none-any.whl\", HASHES }]\n",
       "`b-1-py3-none-any.whl` is not a wheel of `a`"},
      {head + "wheels = [{ url = \"https://h/a.whl\", HASHES }]\n", "6:11: error: "},
      {head + "wheels = [{ url = \"https://h/\", HASHES }]\n", "`https://h/` names no file"},
      {head + "wheels = [{ name = \"../a-1-py3-none-any.whl\", path = \"a\", HASHES }]\n",
       "`../a-1-py3-none-any.whl` is not a file name"},
      {head + "wheels = [{ HASHES }]\n", "has neither `url` nor `path`"},
      {head + "wheels = [{ url = \"https://h/a-1-py3-none-any.whl\" }]\n",
       "a file has no `hashes`"},
      {head + "wheels = [{ url = \"https://h/a-1-py3-none-any.whl\", hashes = {} }]\n",
       "a file needs a hash of a known algorithm"},
      {head +
           "wheels = [{ url = \"https://h/a-1-py3-none-any.whl\", hashes = { sha0 = \"aa\" } }]\n",
       "a file needs a hash of a known algorithm"},
      {head + "wheels = [{ url = \"https://h/a-1-py3-none-any.whl\", hashes = { sha256 = \"aa\" } "
              "}]\n",
       "a digest of sha256 has 64 digits, not 2"},
      {head + "wheels = [{ url = \"https://h/a-1-py3-none-any.whl\", hashes = { sha256 = \"xx\" } "
              "}]\n",
       "`sha256` is not a digest"},
      {head + "sdist = { url = \"https://h/a-1.zip\", size = -1, HASHES }\n",
       "`size` must be a number of bytes"},
      {head + "sdist = { url = \"https://h/a-1.zip\", upload-time = \"now\", HASHES }\n",
       "`upload-time` must be a date and time"},
      {head + "vcs = { type = \"hg\", url = \"https://h/a\", commit-id = \"1\" }\n",
       "`hg` is not supported"},
      {head + "vcs = { type = \"git\", url = \"https://h/a\" }\n", "`vcs` has no `commit-id`"},
      {head + "directory = {}\n", "`directory` has no `path`"},
      {head + "marker = \"bogus == '1'\"\n" + wheel, "6:10: error: "},
      {head + "marker = \"'gpu' in extras\"\n" + wheel,
       "`a` belongs to an extra or a dependency group of its project"},
      {head + "requires-python = \">=4\"\n" + wheel, "`a` needs Python >=4, not 3.11.2"},
      {head + wheel + head + wheel, "`a` stands twice in the lock for one environment"},
  };
  const auto where = target();
  for (const auto& row : rows) {
    CAPTURE(row.packages);
    const std::string text = foreign(row.packages);
    CHECK(message(lock::parse_pylock(text, {.target = &where})).find(row.words) !=
          std::string::npos);
  }
}

TEST_CASE("parse_pylock: what names files in the image is checked in our own words, too") {
  const auto told = [](const std::string& own) {
    return message(lock::parse_pylock(
        foreign("[[packages]]\nname = \"a\"\nversion = \"1\"\nwheels = [{ url = "
                "\"https://host/a-1-py3-none-any.whl\", HASHES }]\n[packages.tool.cogbuild]\n" +
                own)));
  };
  CHECK(told("version = \"../../x\"\n").find("`../../x` is not a valid version") !=
        std::string::npos);
  CHECK(told("metadata-name = \"../x\"\n").find("`../x` is not `a`") != std::string::npos);
  CHECK(told("metadata-name = \"b\"\n").find("`b` is not `a`") != std::string::npos);
  CHECK(told("stands-for = [\"b\", \"../x\"]\n").find("`../x`") != std::string::npos);
  CHECK(told("file-name = \"../x.whl\"\n").find("`../x.whl` is not a file name") !=
        std::string::npos);
}

TEST_CASE("parse_pylock: a text of nothing but mistakes is refused at once") {
  std::string text = "lock-version = \"1.0\"\ncreated-by = \"other\"\n";
  for (int n = 0; n < 40'000; ++n) text += "[[packages]]\nname = 1\n";
  const std::clock_t begun = std::clock();
  const auto lock = lock::parse_pylock(text);
  const auto seconds = (std::clock() - begun) / CLOCKS_PER_SEC;
  REQUIRE(!lock);
  CHECK(lock.error().others().size() == 19);
  CHECK(seconds < 10);
}

TEST_CASE("parse_pylock: what is no TOML is told with its place") {
  CHECK(message(lock::parse_pylock("lock-version = \"1.0\"\n<<<<<<< mine\n"))
            .starts_with("pylock.toml:2:1: error: this is no TOML: "));
  for (const std::string& text : {std::string(), std::string("\xFF"), std::string(100'000, '['),
                                  "a = " + std::string(100'000, '['), std::string(1, '\0')}) {
    CHECK(!lock::parse_pylock(text));
  }
}

TEST_CASE("parse_pylock: a lock without SHA-256 is not supported") {
  const auto text = foreign(
      "[[packages]]\nname = \"a\"\nversion = \"1\"\narchive = { url = \"https://h/a.zip\", hashes "
      "= { md5 = \"" +
      std::string(32, 'a') + "\" } }\n");
  const auto parsed = lock::parse_pylock(text);
  REQUIRE(!parsed);
  CHECK(parsed.error().kind() == ErrorKind::unsupported);
  CHECK(parsed.error().message() == "a file has no SHA-256");
}
