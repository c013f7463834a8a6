#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/python/metadata.hpp>
#include <cogbuild/resolve/resolve.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace cogbuild;
using progress::Recording;
using resolve::MemorySource;

namespace {

using Lines = std::vector<std::string>;

// A small index written as text. `NAME VERSION` adds a pure wheel; then `; requires…` clauses.
struct World {
  MemorySource source{};
  config::Config config{};
  std::map<std::string, std::string> files{};
  resolve::Options options{};
  std::string python = "3.11.2";
  std::string netrc{};
  std::optional<lock::Lock> previous{};
  python::NameSelection upgrade{};
  std::unique_ptr<Recording> reporter = std::make_unique<Recording>();

  World() {
    options.install_runtime = false;
    config.python_requirements = {.value = "requirements.txt"};
  }

  static std::string metadata(const std::string& name, const std::string& version,
                              const Lines& needs, const std::string& more = {}) {
    std::string text =
        "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n" + more;
    for (const auto& need : needs) text += "Requires-Dist: " + need + "\n";
    return text;
  }

  void add(const std::string& name, const std::string& version, const Lines& needs = {},
           const std::string& more = {}) {
    source.add({.file = {.file_name = name + "-" + version + "-py3-none-any.whl",
                         .hashes = {{.algorithm = "sha256",
                                     .hex = digest::digest_of(name + version).hex()}},
                         .size_bytes = 10},
                .metadata = metadata(name, version, needs, more)});
  }

  void add_file(const std::string& file_name) { source.add({.file = {.file_name = file_name}}); }

  resolve::Inputs inputs(const io::Tree& tree) const {
    return {.config = config,
            .project = tree,
            .target = {.python = python::Version::parse(python).value(),
                       .libc = python::Libc::parse("glibc 2.36").value()},
            .options = options,
            .index_sources = {.netrc = netrc, .default_index = "https://index.example/simple/"},
            .preferences = {.previous = previous, .upgrade = upgrade}};
  }

  Result<lock::Lock> run(const std::string& requirements) {
    files["requirements.txt"] = requirements;
    reporter = std::make_unique<Recording>();
    const io::MemoryTree tree(files);
    resolve::Sources sources{.open = [this](const pypi::IndexConfig&)
                                 -> Result<std::unique_ptr<resolve::DistributionSource>> {
                               return std::make_unique<MemorySource>(source);
                             },
                             .reporter = *reporter};
    return resolve::resolve(inputs(tree), sources);
  }

  Lines locked(const std::string& requirements) {
    const auto lock = run(requirements);
    REQUIRE_MESSAGE(lock, (lock ? "" : render(lock.error())));
    Lines shown;
    for (const auto& distribution : lock->distributions) {
      shown.push_back(distribution.name + " " + distribution.version);
    }
    return shown;
  }

  std::string failure(const std::string& requirements) {
    const auto lock = run(requirements);
    REQUIRE(!lock);
    return render(lock.error());
  }
};

// The index of the OpenCV case.
World opencv_world() {
  World world;
  for (const std::string name : {"opencv_python", "opencv_python_headless"}) {
    world.add(name, "4.8.1.78", {"numpy"});
    world.add(name, "4.10.0.84", {"numpy"});
  }
  world.add("opencv_contrib_python", "4.10.0.84", {"numpy"});
  world.add("opencv_contrib_python_headless", "4.10.0.84", {"numpy"});
  world.add("opencv_python", "4.5.3.56", {"numpy"});
  world.add("watermark_lib", "0.2.0", {"opencv-python>=4.1.0.25"});
  world.add("augment_lib", "1.4.3", {"opencv-python-headless>=4.9.0.80"});
  world.add("contrib_user", "1.0", {"opencv-contrib-python"});
  world.add("numpy", "1.26.4");
  return world;
}

World runtime_world() {
  World world;
  world.options.install_runtime = true;
  world.add("cog", "0.22.0", {"pyyaml", "coglet>=0.1.0,<1.0", "typing_extensions>=4.4.0"});
  world.add("cog", "0.21.0", {"pyyaml", "coglet>=0.1.0,<1.0"});
  world.add("cog", "0.16.0", {"pyyaml"});
  world.add("cog", "0.23.0rc1", {"pyyaml", "coglet"});
  world.add("coglet", "0.1.0");
  world.add("coglet", "0.2.0");
  world.add("coglet", "1.0.0");
  world.add("PyYAML", "6.0.1");
  world.add("typing_extensions", "4.12.0");
  world.add("typing_extensions", "4.9.0");
  return world;
}

}  // namespace

TEST_CASE("resolve: pinned requirements and their pinned dependencies make a lock") {
  World world;
  world.add("SciPy", "1.11.1",
            {"numpy<2,>=1.21", "pytest ; extra == 'test'", "old ; python_version < '3'"});
  world.add("numpy", "1.26.4");
  world.add("numpy", "2.0.0");
  const auto lock = world.run("scipy==1.11.1\nnumpy==1.26.4\n");
  REQUIRE(lock);
  REQUIRE(lock->distributions.size() == 2);
  CHECK(lock->python_version == "3.11.2");
  CHECK(lock->distributions[1] ==
        lock::LockedDistribution{.name = "scipy",
                                 .metadata_name = "SciPy",
                                 .version = "1.11.1",
                                 .file_name = "SciPy-1.11.1-py3-none-any.whl",
                                 .location = "https://host/SciPy-1.11.1-py3-none-any.whl",
                                 .digest = digest::digest_of("SciPy1.11.1"),
                                 .size_bytes = 10,
                                 .group = lock::Group::project,
                                 .requested = true,
                                 .requires_names = {"numpy"},
                                 .metadata_digest = lock->distributions[1].metadata_digest});
  const auto fields = python::metadata_fields(World::metadata(
      "SciPy", "1.11.1",
      {"numpy<2,>=1.21", "pytest ; extra == 'test'", "old ; python_version < '3'"}));
  CHECK(lock->distributions[1].metadata_digest == to_string(digest::digest_of(*fields)));
  CHECK(lock->architecture == "x86_64");
  CHECK(lock->libc == "glibc 2.36");
}

TEST_CASE("resolve: what nobody pins is chosen, newest first, and gone back on where needed") {
  World world;
  world.add("scipy", "1.11.1", {"numpy<2,>=1.21"});
  world.add("numpy", "1.26.4");
  world.add("numpy", "2.0.0");
  world.add("torch", "2.1.0", {"sympy", "numpy"});
  world.add("torch", "2.2.0", {"sympy>=2", "numpy"});
  world.add("sympy", "1.12", {"mpmath<1.4"});
  world.add("mpmath", "1.3.0");
  world.add("mpmath", "1.4.0");
  CHECK(world.locked("scipy\n\ntorch>=2\n") ==
        Lines{"mpmath 1.3.0", "numpy 1.26.4", "scipy 1.11.1", "sympy 1.12", "torch 2.1.0"});
}

TEST_CASE("resolve: a need that nothing answers is told with what there is") {
  World world;
  world.add("scipy", "1.11.1", {"numpy>=1.22"});
  world.add("numpy", "1.20.0");
  CHECK(world.failure("numpy==1.20.0\nscipy==1.11.1") ==
        "requirements.txt:2:1: error: no versions fit the requirements for CPython 3.11 on linux "
        "x86_64, glibc 2.36\n"
        "  2 | scipy==1.11.1\n    | ^\n"
        "  requirements.txt:2 wants `scipy==1.11.1`\n"
        "  `scipy` 1.11.1 needs `numpy>=1.22`, but numpy has no version `>=1.22` (newest: "
        "1.20.0)\n"
        "  while resolving Python requirements for CPython 3.11 on linux x86_64, glibc 2.36\n");
}

TEST_CASE("resolve: a conflict is a story of the user's lines, with changes that would help") {
  World world;
  world.add("vision_kit", "1.0", {"fastarray<2"});
  world.add("vision_kit", "2.0", {"fastarray>=2.1"});
  world.add("vision_kit", "2.1", {"fastarray>=2.1"});
  world.add_file("vision_kit-2.2-cp312-cp312-manylinux_2_17_x86_64.whl");
  world.add("fastarray", "1.9");
  world.add("fastarray", "2.3");
  CHECK(world.failure("# needs\nfastarray<2\nvision-kit>=2\n") ==
        "requirements.txt:2:1: error: no versions fit the requirements for CPython 3.11 on linux "
        "x86_64, glibc 2.36\n"
        "  2 | fastarray<2\n    | ^\n"
        "  requirements.txt:2 wants `fastarray<2`\n"
        "  requirements.txt:3 wants `vision-kit>=2`\n"
        "  `vision-kit` 2.0 and 2.1 need `fastarray>=2.1`\n"
        "  `vision-kit` 2.2 has no wheel for CPython 3.11 on linux x86_64, glibc 2.36 (found: "
        "cp312)\n"
        "  while resolving Python requirements for CPython 3.11 on linux x86_64, glibc 2.36\n"
        "hint: requirements.txt:2: with `fastarray==2.3` everything fits\n"
        "hint: requirements.txt:3: with `vision-kit==1.0` everything fits\n");
}

TEST_CASE("resolve: versions of an earlier lock stay unless told otherwise") {
  World world;
  world.add("a", "1", {"b"});
  world.add("a", "2", {"b"});
  world.add("b", "1");
  world.add("b", "2");
  world.previous = world.run("a==1\nb==1").value();
  CHECK(world.locked("a\nb") == Lines{"a 1", "b 1"});
  CHECK(world.locked("a>1\nb") == Lines{"a 2", "b 1"});
  world.upgrade.names = {"b"};
  CHECK(world.locked("a\nb") == Lines{"a 1", "b 2"});
  world.upgrade.all = true;
  CHECK(world.locked("a\nb") == Lines{"a 2", "b 2"});
}

TEST_CASE("resolve: lowest, lowest of direct requirements, finals before pre-releases") {
  World world;
  world.add("a", "1", {"b>=2"});
  world.add("a", "2", {"b>=2"});
  world.add("b", "1");
  world.add("b", "2");
  world.add("b", "3");
  world.add("b", "4rc1");
  CHECK(world.locked("a") == Lines{"a 2", "b 3"});
  world.options.resolution = resolve::Resolution::lowest;
  CHECK(world.locked("a") == Lines{"a 1", "b 2"});
  world.options.resolution = resolve::Resolution::lowest_direct;
  CHECK(world.locked("a") == Lines{"a 1", "b 3"});
  world.options.resolution = resolve::Resolution::highest;
  CHECK(world.locked("a\nb>3") == Lines{"a 2", "b 4rc1"});
  CHECK(world.locked("b>=1rc1") == Lines{"b 3"});
  world.options.prereleases = true;
  CHECK(world.locked("a") == Lines{"a 2", "b 4rc1"});
}

TEST_CASE("resolve: overrides replace what others ask, or take it away") {
  World world;
  world.add("a", "1", {"b<2", "c"});
  world.add("b", "1");
  world.add("b", "2");
  world.add("c", "1");
  world.files["over.txt"] = "b==2\nc ; sys_platform == 'win32'\n";
  world.options.override_files = {"over.txt"};
  CHECK(world.locked("a\nb<2") == Lines{"a 1", "b 2"});
  world.files["over.txt"] = "b==2\nb==1\n";
  CHECK(world.failure("a").find("over.txt:2:1: error: `b` is overridden twice, first at "
                                "over.txt:1") == 0);
}

TEST_CASE("resolve: requirement and constraint files of the command line stand for the config's") {
  World world;
  world.add("a", "1");
  world.add("a", "2");
  world.add("b", "1");
  world.files["first.in"] = "a\n";
  world.files["sub/it's.in"] = "b\n";
  world.files["limits.in"] = "a<2\n";
  world.options.requirement_files = {"first.in", "sub/it's.in"};
  CHECK(world.locked("never-read") == Lines{"a 2", "b 1"});
  world.options.constraint_files = {"limits.in"};
  CHECK(world.locked("never-read") == Lines{"a 1", "b 1"});
  world.files["first.in"] = "a>1\n";
  const auto text = world.failure("");
  CHECK(text.find("first.in:1 wants `a>1`\n") != std::string::npos);
  CHECK(text.find("limits.in:1 allows only `a<2`\n") != std::string::npos);
}

TEST_CASE("resolve: files after the cutoff, or of unknown time, do not exist") {
  World world;
  const auto add = [&](const std::string& version, const std::string& time) {
    world.source.add(
        {.file = {.file_name = "a-" + version + "-py3-none-any.whl", .upload_time = time},
         .metadata = World::metadata("a", version, {})});
  };
  add("1", "2023-01-01T00:00:00Z");
  add("2", "2024-01-01T00:00:00.5Z");
  add("3", "");
  CHECK(world.locked("a") == Lines{"a 3"});
  world.options.exclude_newer = "2024-01-01T00:00:00Z";
  CHECK(world.locked("a") == Lines{"a 1"});
  CHECK(world.run("a")->exclude_newer == "2024-01-01T00:00:00Z");
  world.options.exclude_newer = "2024-01-01T00:00:01Z";
  CHECK(world.locked("a") == Lines{"a 2"});
  CHECK(world.failure("a==3").find("`a` 3 has no upload time, and only files from before "
                                   "2024-01-01T00:00:01Z count") != std::string::npos);
}

TEST_CASE("resolve: wheels and source archives by what the options allow") {
  World world;
  const auto add_source = [&](const std::string& version) {
    world.source.add(
        {.file = {.form = lock::Form::source_archive, .file_name = "a-" + version + ".tar.gz"},
         .metadata = World::metadata("a", version, {})});
  };
  world.add("a", "1");
  add_source("1");
  add_source("2");
  CHECK(world.locked("a") == Lines{"a 2"});
  CHECK(world.run("a")->distributions[0].form == lock::Form::source_archive);
  world.options.prefer_binary = true;
  CHECK(world.locked("a") == Lines{"a 1"});
  CHECK(world.locked("a>1") == Lines{"a 2"});
  world.options.only_binary.all = true;
  CHECK(world.failure("a>1").find("`a` 2 has only a source archive, and building is off") !=
        std::string::npos);
  world.options.only_binary.all = false;
  world.options.no_binary.names = {"a"};
  CHECK(world.run("a==1")->distributions[0].form == lock::Form::source_archive);
}

TEST_CASE("resolve: lines for one distribution merge when they agree and clash otherwise") {
  World world;
  world.add("numpy", "1.26.4");
  world.add("numpy", "1.25.0");
  CHECK(world.locked("numpy>=1.20\nNumPy==1.26.4\nnumpy==1.26.4.0") == Lines{"numpy 1.26.4"});
  CHECK(world.failure("numpy==1.26.4\nnumpy==1.25.0")
            .find("requirements.txt:2:1: error: `numpy==1.25.0` contradicts `numpy==1.26.4` at "
                  "requirements.txt:1\n") == 0);
}

TEST_CASE("resolve: a constraint pins what is only needed, and binds what is required") {
  World world;
  world.files["limits.txt"] = "numpy==1.26.4\nunused==9\n";
  world.add("scipy", "1.11.1", {"numpy"});
  world.add("numpy", "1.26.4");
  world.add("numpy", "2.0.0");
  CHECK(world.locked("-c limits.txt\nscipy==1.11.1") == Lines{"numpy 1.26.4", "scipy 1.11.1"});
  const auto lock = world.run("-c limits.txt\nscipy==1.11.1");
  CHECK(!lock->distributions[0].requested);
}

TEST_CASE("resolve: without a wheel for the target the error says what there is") {
  World world;
  world.add_file("flash_attn-2.5.0.tar.gz");
  world.add_file("jax-0.4-cp312-cp312-manylinux_2_17_x86_64.whl");
  world.add_file("new-1.0-py3-none-any.whl");
  const std::string text = world.failure("flash-attn==2.5.0\njax==0.4\nnothing==1\nnew==2");
  CHECK(text.find("1:1: error: `flash-attn` 2.5.0 has no wheel for CPython 3.11 on linux x86_64, "
                  "glibc 2.36 "
                  "(found: only a source archive)\n") != std::string::npos);
  CHECK(
      text.find(
          "`jax` 0.4 has no wheel for CPython 3.11 on linux x86_64, glibc 2.36 (found: cp312)\n") !=
      std::string::npos);
  CHECK(text.find("`nothing` is on none of the package indexes\n") != std::string::npos);
  CHECK(text.find("`new` has no version `==2` (newest: 1.0)\n") != std::string::npos);
}

TEST_CASE("resolve: a pin without local label takes the highest label there is") {
  World world;
  world.add("bigtensor", "2.1.2");
  world.add("bigtensor", "2.1.2+cu118");
  CHECK(world.locked("bigtensor==2.1.2") == Lines{"bigtensor 2.1.2+cu118"});
}

TEST_CASE("resolve: only the lower bound of requires-python counts, a crossed cap warns") {
  World world;
  world.add("old", "1.0", {}, "Requires-Python: >=3.7,<3.11\n");
  world.add("new", "1.0", {}, "Requires-Python: >=3.12\n");
  CHECK(world.locked("old==1.0") == Lines{"old 1.0"});
  CHECK(
      world.reporter->warnings() ==
      Lines{"`old` 1.0 is declared for Python >=3.7,<3.11, and installed on 3.11.2 all the same"});
  CHECK(
      world.failure("new==1.0").find("`new` 1.0 needs Python >=3.12, but the target has 3.11.2") !=
      std::string::npos);
}

TEST_CASE("resolve: extras bring their dependencies, through cycles and self-references") {
  World world;
  world.add("web", "1.0", {"loop ; extra == 'fast'", "web[fast] ; extra == 'all'", "back"},
            "Provides-Extra: fast\nProvides-Extra: all\n");
  world.add("loop", "1.0", {"web"});
  world.add("back", "1.0", {"web"});
  CHECK(world.locked("web==1.0\nback==1.0") == Lines{"back 1.0", "web 1.0"});
  CHECK(world.locked("web[all]==1.0\nback==1.0\nloop==1.0") ==
        Lines{"back 1.0", "loop 1.0", "web 1.0"});
  CHECK(world.locked("web[all]==1.0") == Lines{"back 1.0", "loop 1.0", "web 1.0"});
  CHECK(world.locked("web[nope]==1.0\nback==1.0") == Lines{"back 1.0", "web 1.0"});
  CHECK(world.reporter->warnings() == Lines{"`web` 1.0 has no extra `nope`"});
}

TEST_CASE("resolve: hashes filter files, and one of them asks all for hashes") {
  World world;
  world.add("a", "1", {"b"});
  world.add("b", "1");
  const auto hash = [](const std::string& text) {
    return " --hash=sha256:" + digest::digest_of(text).hex();
  };
  CHECK(world.locked("a==1" + hash("a1") + "\nb==1" + hash("b1")) == Lines{"a 1", "b 1"});
  CHECK(world.failure("a==1" + hash("other") + "\nb==1" + hash("b1"))
            .find("`a` 1 has no file that matches a listed hash") != std::string::npos);
  CHECK(world.failure("a==1" + hash("a1") + "\nb==1")
            .find("`b` has no `--hash`, but other requirements have") != std::string::npos);
  CHECK(world.failure("a==1" + hash("a1") + "\nb==1")
            .find("hint: write `b==1 --hash=sha256:" + digest::digest_of("b1").hex() + "`") !=
        std::string::npos);
}

TEST_CASE("resolve: a wheel named by URL fixes source and version") {
  World world;
  world.add("a", "1", {"b>=2"});
  world.source.add_direct(
      "https://u:secret@h/b-2-py3-none-any.whl",
      {.file = {.file_name = "b-2-py3-none-any.whl", .location = "https://h/b-2-py3-none-any.whl"},
       .metadata = World::metadata("b", "2", {})});
  world.source.add_direct(
      "wheels/b-1-py3-none-any.whl",
      {.file = {.file_name = "b-1-py3-none-any.whl", .location = "wheels/b-1-py3-none-any.whl"},
       .metadata = World::metadata("b", "1", {})});
  world.files["wheels/b-1-py3-none-any.whl"] = "";
  const auto lock = world.run("a==1\nhttps://u:secret@h/b-2-py3-none-any.whl");
  REQUIRE(lock);
  CHECK(lock->distributions[1].location == "https://h/b-2-py3-none-any.whl");
  CHECK(lock->distributions[1].direct_url);
  CHECK(lock->distributions[1].requested);
  CHECK(to_json(*lock).find("secret") == std::string::npos);
  CHECK(world.locked("a==1\nb @ https://u:secret@h/b-2-py3-none-any.whl") == Lines{"a 1", "b 2"});
  CHECK(world.failure("a==1\n./wheels/b-1-py3-none-any.whl")
            .find("`a` 1 needs `b>=2`, but b is 1 by its URL or path") != std::string::npos);
  CHECK(world.failure("./wheels/b-1-py3-none-any.whl\nhttps://u:secret@h/b-2-py3-none-any.whl")
            .find("contradicts") != std::string::npos);
}

TEST_CASE("resolve: what cannot be a source is refused with its line") {
  World world;
  world.files["lib/setup.py"] = "";
  const auto check = [&](const std::string& line, const std::string& message) {
    CAPTURE(line);
    const auto failure = world.failure(line);
    CHECK_MESSAGE(failure.find("requirements.txt:1:1: error: " + message + "\n") == 0, failure);
    CHECK(failure.find("secret") == std::string::npos);
  };
  check("hg+https://h/r", "`hg+` requirements are not supported");
  check("x @ svn+https://h/r", "`svn+` requirements are not supported");
  check("bzr+https://h/r#egg=x", "`bzr+` requirements are not supported");
  check("-e git+https://h/r#egg=x", "editable VCS checkouts cannot exist in an image");
  check("git+http://u:secret@h/r", "`git+http` is not fetched");
  check("x @ git+https://u:secret@h/r@-x", "a `git+` location has a revision that starts with `-`");
  check("x @ git+https://h/r#egg=y", "the URL says `egg=y`, the requirement `x`");
  check("x @ https://h/y-1-py3-none-any.whl",
        "`y-1-py3-none-any.whl` is a wheel of `y`, not of `x`");
  check("x @ https://u:secret@h/page", "`page` is neither a wheel nor a source archive");
  check("x @ https://h/x-1.tar.gz#subdirectory=../y",
        "the subdirectory of a URL must lie within it");
  check("x @ https://h/x-1.tar.gz#md5=0123", "hash algorithm `md5` is not accepted");
  CHECK(world.failure("--require-hashes\nx @ git+https://h/r")
            .find("requirements.txt:2:1: error: hashes are required, and a git checkout cannot be "
                  "hashed\n") == 0);
  CHECK(world.failure("--require-hashes\n./lib")
            .find("requirements.txt:2:1: error: hashes are required, and a directory cannot be "
                  "hashed\n") == 0);
}

TEST_CASE(
    "resolve: sources that must be built are roots like others, if their metadata is static") {
  World world;
  world.add("numpy", "1.26.4");
  const auto add = [&](const std::string& location, lock::Form form, const std::string& file_name,
                       const std::string& name) {
    world.source.add_direct(
        location,
        {.file = {.form = form,
                  .file_name = file_name,
                  .location = location,
                  .commit = form == lock::Form::version_control ? std::string(40, 'a') : ""},
         .metadata = World::metadata(name, "3", {"numpy"})});
  };
  add("git+https://h/r@main", lock::Form::version_control, "", "bare");
  add("git+https://h/r@main#egg=named", lock::Form::version_control, "", "named");
  add("https://h/archive-3.tar.gz", lock::Form::source_archive, "archive-3.tar.gz", "archive");
  add("lib", lock::Form::directory, "", "lib");
  world.files["lib/pyproject.toml"] = "";
  CHECK(world.locked("git+https://h/r@main") == Lines{"bare 3", "numpy 1.26.4"});
  CHECK(world.locked("git+https://h/r@main#egg=named") == Lines{"named 3", "numpy 1.26.4"});
  CHECK(world.locked("named @ git+https://h/r@main#egg=named") == Lines{"named 3", "numpy 1.26.4"});
  CHECK(world.locked("https://h/archive-3.tar.gz") == Lines{"archive 3", "numpy 1.26.4"});
  CHECK(world.locked("./lib") == Lines{"lib 3", "numpy 1.26.4"});
  CHECK(world.locked("-e ./lib") == Lines{"lib 3", "numpy 1.26.4"});
  CHECK(std::ranges::count(world.reporter->warnings(),
                           "requirements.txt:1: `-e lib` is taken as it is now: an image has no "
                           "editable installs") == 1);
}

TEST_CASE("resolve: what an index says of a file's hashes does not outweigh its SHA-256") {
  const auto good = digest::digest_of("good").hex();
  const auto evil = digest::digest_of("evil").hex();
  const std::string other(128, 'a');
  const auto failure = [&](const std::vector<python::FileHash>& claimed,
                           const std::string& listed) {
    World world;
    world.source.add(
        {.file = {.file_name = "b-2-py3-none-any.whl", .hashes = claimed, .size_bytes = 10},
         .metadata = World::metadata("b", "2", {})});
    return world.failure("b==2" + listed);
  };
  const std::string both = " --hash=sha256:" + good + " --hash=sha512:" + other;
  const std::string told =
      "`b-2-py3-none-any.whl` has digest sha256:" + evil + ", which no listed hash allows";
  CHECK(failure({{.algorithm = "sha256", .hex = evil}, {.algorithm = "sha512", .hex = other}}, both)
            .find(told) != std::string::npos);
  // The key twice in one table.
  CHECK(failure({{.algorithm = "sha256", .hex = good}, {.algorithm = "sha256", .hex = evil}}, both)
            .find(told) != std::string::npos);
  // Nothing at all can be proved.
  CHECK(failure({{.algorithm = "sha256", .hex = evil}, {.algorithm = "sha512", .hex = other}},
                " --hash=sha512:" + other)
            .find("the listed hashes of `b-2-py3-none-any.whl` cannot be verified") !=
        std::string::npos);
}

TEST_CASE("resolve: the hashes of an override count instead of others") {
  World world;
  world.add("a", "1", {"b"});
  world.add("b", "1");
  world.options.override_files = {"overrides.txt"};
  const auto overridden = [&](const std::string& content) {
    world.files["overrides.txt"] = "b==1 --hash=sha256:" + digest::digest_of(content).hex() + "\n";
  };
  overridden("b1");
  CHECK(world.locked("a") == Lines{"a 1", "b 1"});
  CHECK(world.locked("a==1 --hash=sha256:" + digest::digest_of("a1").hex()) == Lines{"a 1", "b 1"});
  overridden("other");
  CHECK(world.failure("a").find("has no file that matches a listed hash") != std::string::npos);
}

TEST_CASE("resolve: a direct wheel's hash counts only where it can be checked") {
  World world;
  const std::string location = "https://h/b-2-py3-none-any.whl";
  world.source.add_direct(
      location, {.file = {.file_name = "b-2-py3-none-any.whl",
                          .location = location,
                          .hashes = {{.algorithm = "sha256", .hex = digest::digest_of("b").hex()}}},
                 .metadata = World::metadata("b", "2", {})});
  const std::string line = "b @ " + location + " --hash=";
  CHECK(world.locked(line + "sha256:" + digest::digest_of("b").hex()) == Lines{"b 2"});
  CHECK(world.failure(line + "sha256:" + digest::digest_of("c").hex())
            .find("which no listed hash allows") != std::string::npos);
  CHECK(world.failure(line + "sha512:" + std::string(128, 'a'))
            .find("the listed hashes of `b-2-py3-none-any.whl` cannot be verified") !=
        std::string::npos);
}

TEST_CASE("resolve: a URL without a login takes its host's from netrc, where nobody listens") {
  World world;
  world.netrc = "machine h.example login me password a@b\n";
  const auto add = [&](const std::string& location, const std::string& name) {
    world.source.add_direct(
        location, {.file = {.file_name = name + "-1-py3-none-any.whl",
                            .location = "https://h.example/" + name + "-1-py3-none-any.whl"},
                   .metadata = World::metadata(name, "1", {})});
  };
  add("https://me:a%40b@h.example/a-1-py3-none-any.whl", "a");
  add("https://other@h.example/b-1-py3-none-any.whl", "b");
  add("http://h.example/c-1-py3-none-any.whl", "c");
  const auto lock = world.run(
      "https://h.example/a-1-py3-none-any.whl\nhttps://other@h.example/b-1-py3-none-any.whl\n"
      "http://h.example/c-1-py3-none-any.whl");
  REQUIRE_MESSAGE(lock, (lock ? "" : render(lock.error())));
  CHECK(lock->distributions.size() == 3);
  CHECK(to_json(*lock).find("a%40b") == std::string::npos);
}

TEST_CASE("resolve: versions that only a build could tell about are passed over with a warning") {
  World world;
  world.source.add({.file = {.form = lock::Form::source_archive, .file_name = "a-2.tar.gz"},
                    .must_be_built = "must be built to know what it requires"});
  world.add("a", "1");
  CHECK(world.locked("a") == Lines{"a 1"});
  CHECK(world.reporter->warnings() ==
        Lines{"`a` 2 and what needs it was passed over: only a build could tell what it requires, "
              "and building from source is not available yet"});
  CHECK(world.failure("a>1") ==
        "requirements.txt:1:1: error: no versions fit the requirements for CPython 3.11 on linux "
        "x86_64, glibc 2.36\n  1 | a>1\n    | ^\n"
        "  requirements.txt:1 wants `a>1`\n"
        "  `a` 2 must be built to know what it requires\n"
        "  while resolving Python requirements for CPython 3.11 on linux x86_64, glibc 2.36\n"
        "hint: building from source is not available yet: name a wheel of `a` by path or URL, or a "
        "place of wheels by --find-links\n"
        "hint: requirements.txt:1: with `a==1` everything fits\n");
}

TEST_CASE("resolve: CUDA that comes along unasked is told of") {
  World world;
  world.add("vision", "1", {"torch"});
  world.add("torch", "2.9.0", {"nvidia-cublas", "nvidia-cufft"});
  world.add("nvidia_cublas", "13");
  world.add("nvidia_cufft", "13");
  CHECK(world.locked("vision").size() == 4);
  CHECK(world.reporter->warnings() ==
        Lines{"2 distributions of CUDA, 0 MB, go into an image without `gpu: true`: name torch in "
              "the requirements, or say --torch-backend cpu, for builds without"});
  world.options.torch_backend = "none";
  CHECK(world.locked("vision").size() == 4);
  CHECK(world.reporter->warnings().empty());
}

TEST_CASE("resolve: where builds of torch were chosen, a conflict says so") {
  World world;
  world.add("torch", "2.9.0", {"numpy<2"});
  world.add("numpy", "2.0");
  world.add("numpy", "1.0");
  CHECK(world.failure("torch>=2\nnumpy>=2").find("; --torch-backend chooses other builds\n") !=
        std::string::npos);
}

TEST_CASE("resolve: yanked files only by an exact pin, with a warning") {
  World world;
  world.source.add(
      {.file = {.file_name = "a-1-py3-none-any.whl", .yanked = true, .yanked_reason = "broken"},
       .metadata = World::metadata("a", "1", {})});
  CHECK(world.locked("a==1") == Lines{"a 1"});
  CHECK(world.reporter->warnings() == Lines{"`a` 1 was yanked: broken"});
  CHECK(world.failure("a>=1").find("`a` 1 was yanked: broken") != std::string::npos);
  // One line that names it is enough, be it an override; a range is not, nor is another label.
  CHECK(world.locked("a==1\na<2") == Lines{"a 1"});
  CHECK(world.failure("a==1,<2").find("`a` 1 was yanked") != std::string::npos);
  world.add("b", "1", {"a"});
  world.files["over.txt"] = "a==1";
  world.options.override_files = {"over.txt"};
  CHECK(world.locked("b") == Lines{"a 1", "b 1"});
  World labels;
  labels.source.add({.file = {.file_name = "a-1+x-py3-none-any.whl", .yanked = true},
                     .metadata = World::metadata("a", "1+x", {})});
  CHECK(labels.failure("a==1").find("`a` 1+x was yanked") != std::string::npos);
  CHECK(labels.locked("a==1+x") == Lines{"a 1+x"});
}

TEST_CASE("opencv: the GUI distribution becomes the headless one of the same version") {
  auto world = opencv_world();
  CHECK(world.locked("opencv-python==4.8.1.78\nnumpy==1.26.4") ==
        Lines{"numpy 1.26.4", "opencv-python-headless 4.8.1.78"});
  CHECK(world.reporter->notes() ==
        Lines{"opencv-python 4.8.1.78 -> opencv-python-headless 4.8.1.78 (no GUI libraries needed; "
              "--no-opencv-headless keeps it)"});
  const auto lock = world.run("opencv-python==4.8.1.78\nnumpy==1.26.4");
  CHECK(lock->distributions[1].replaces == "opencv-python");
  CHECK(lock->distributions[1].requested);
}

TEST_CASE("opencv: dependencies that name the GUI distribution get the headless one") {
  auto world = opencv_world();
  const std::string both = "watermark-lib==0.2.0\naugment-lib==1.4.3\nnumpy==1.26.4\n";
  CHECK(world.locked(both + "opencv-python==4.10.0.84") ==
        Lines{"augment-lib 1.4.3", "numpy 1.26.4", "opencv-python-headless 4.10.0.84",
              "watermark-lib 0.2.0"});
  const auto lock = world.run(both);
  REQUIRE(lock);
  CHECK(lock->distributions[2].name == "opencv-python-headless");
  CHECK(lock->distributions[2].replaces == "opencv-python");
  CHECK(lock->distributions[2].stands_for == Lines{"opencv-python"});
  auto other = opencv_world();
  CHECK(other.locked("watermark-lib==0.2.0\nopencv-python-headless==4.10.0.84\nnumpy==1.26.4")
            .size() == 3);
  CHECK(other.reporter->notes() == Lines{"opencv-python -> opencv-python-headless 4.10.0.84 (asked "
                                         "for by watermark-lib; no GUI libraries "
                                         "needed; --no-opencv-headless keeps it)"});
}

TEST_CASE("opencv: without a headless build of that version the GUI one is kept, with a warning") {
  auto world = opencv_world();
  CHECK(world.locked("opencv-python==4.5.3.56\nwatermark-lib==0.2.0\nnumpy==1.26.4") ==
        Lines{"numpy 1.26.4", "opencv-python 4.5.3.56", "watermark-lib 0.2.0"});
  CHECK(world.reporter->warnings() ==
        Lines{"requirements.txt:1: `opencv-python==4.5.3.56` is kept, as there is no "
              "opencv-python-headless of that "
              "version; at import it needs libGL (`libgl1`) and glib in the image"});
  CHECK(world.reporter->notes().empty());
}

TEST_CASE("opencv: one contrib flavour turns all into contrib-headless") {
  for (const std::string pins :
       {"opencv-contrib-python==4.10.0.84", "opencv-contrib-python-headless==4.10.0.84",
        "opencv-python==4.10.0.84\ncontrib-user==1.0",
        "opencv-python-headless==4.10.0.84\ncontrib-user==1.0"}) {
    CAPTURE(pins);
    auto world = opencv_world();
    const auto lines = world.locked("watermark-lib==0.2.0\nnumpy==1.26.4\n" + pins);
    CHECK(std::count_if(lines.begin(), lines.end(),
                        [](const auto& line) { return line.starts_with("opencv"); }) == 1);
    CHECK(std::count(lines.begin(), lines.end(), "opencv-contrib-python-headless 4.10.0.84") == 1);
  }
}

TEST_CASE("opencv: the option keeps what was asked for") {
  auto world = opencv_world();
  world.options.opencv_headless = false;
  CHECK(
      world
          .locked(
              "watermark-lib==0.2.0\naugment-lib==1.4.3\nnumpy==1.26.4\nopencv-python==4.10.0.84\n"
              "opencv-python-headless==4.10.0.84")
          .size() == 5);
  CHECK(world.reporter->notes().empty());
}

TEST_CASE("opencv: hashes of the GUI wheel give way with a warning") {
  auto world = opencv_world();
  const auto hash = [](const std::string& text) {
    return " --hash=sha256:" + digest::digest_of(text).hex();
  };
  CHECK(world.locked("opencv-python==4.8.1.78" + hash("x") + "\nnumpy==1.26.4" +
                     hash("numpy1.26.4")) ==
        Lines{"numpy 1.26.4", "opencv-python-headless 4.8.1.78"});
  CHECK(world.reporter->warnings() ==
        Lines{"requirements.txt:1: the hashes of `opencv-python==4.8.1.78` cannot apply to "
              "opencv-python-headless, so "
              "the index's own is taken"});
}

TEST_CASE("opencv: a line that lists the headless wheel's hash as well keeps it checked") {
  auto world = opencv_world();
  const auto hash = [](const std::string& text) {
    return " --hash=sha256:" + digest::digest_of(text).hex();
  };
  const std::string numpy = "\nnumpy==1.26.4" + hash("numpy1.26.4");
  CHECK(world.locked("opencv-python==4.8.1.78" + hash("x") +
                     hash("opencv_python_headless4.8.1.78") + numpy) ==
        Lines{"numpy 1.26.4", "opencv-python-headless 4.8.1.78"});
  CHECK(world.reporter->warnings().empty());
}

TEST_CASE("runtime: cog and what it needs are chosen newest first, finals only") {
  auto world = runtime_world();
  CHECK(world.locked("") ==
        Lines{"cog 0.22.0", "coglet 0.2.0", "pyyaml 6.0.1", "typing-extensions 4.12.0"});
  const auto lock = world.run("");
  for (const auto& distribution : lock->distributions) {
    CHECK(distribution.group == lock::Group::runtime);
    CHECK(!distribution.requested);
  }
}

TEST_CASE("runtime: the user's pins hold, and what both need is the project's") {
  auto world = runtime_world();
  CHECK(world.locked("typing-extensions==4.9.0") ==
        Lines{"cog 0.22.0", "coglet 0.2.0", "pyyaml 6.0.1", "typing-extensions 4.9.0"});
  CHECK(world.run("typing-extensions==4.9.0")->distributions[3].group == lock::Group::project);
}

TEST_CASE("runtime: sdk_version and COG_SDK_WHEEL choose cog") {
  auto world = runtime_world();
  world.config.sdk_version = {.value = "0.16.0"};
  CHECK(world.locked("") == Lines{"cog 0.16.0", "pyyaml 6.0.1"});
  world.options.coglet_wheel = "pypi:0.1.0";
  CHECK(world.locked("") == Lines{"cog 0.16.0", "pyyaml 6.0.1"});
  world.config.sdk_version = {.value = "0.21.0"};
  CHECK(world.locked("") == Lines{"cog 0.21.0", "coglet 0.1.0", "pyyaml 6.0.1"});
  world.options.coglet_wheel = {};
  world.config.sdk_version = {.value = "prerelease"};
  CHECK(world.locked("") == Lines{"cog 0.23.0rc1", "coglet 1.0.0", "pyyaml 6.0.1"});
  world.options.sdk_wheel = "pypi:0.23.0-rc1";
  world.config.sdk_version = {};
  CHECK(world.locked("") == Lines{"cog 0.23.0rc1", "coglet 1.0.0", "pyyaml 6.0.1"});
  world.options.sdk_wheel = "no/such/file.whl";
  CHECK(world.failure("").find(
            "COG_SDK_WHEEL: error: there is no file or directory `no/such/file.whl`") == 0);
}

TEST_CASE("runtime: the user's own lines for cog give way with a warning") {
  auto world = runtime_world();
  CHECK(world.locked("Cog[x]==0.9.0\ncoglet\n").size() == 4);
  CHECK(world.reporter->warnings() ==
        Lines{"requirements.txt:1: `cog==0.9.0` is not installed as written: cog 0.22.0 is",
              "requirements.txt:2: `coglet` is not installed as written: coglet 0.2.0 is"});
}

TEST_CASE("resolve: the lock does not depend on the order of lines or files") {
  World forward;
  forward.add("a", "1", {"b"});
  forward.add("b", "1");
  forward.add("b", "1.0");
  World backward;
  backward.add("b", "1.0");
  backward.add("b", "1");
  backward.add("a", "1", {"b"});
  CHECK(to_json(*forward.run("a==1\nb==1")) == to_json(*backward.run("b==1\na==1")));
}

TEST_CASE("resolve: markers decide which lines count; packages of the config work like lines") {
  World world;
  world.add("a", "1");
  CHECK(world.locked("a==1 ; python_version >= '3.8'\nb==1 ; sys_platform == 'win32'\n") ==
        Lines{"a 1"});
  world.config.python_requirements = {};
  world.config.python_packages = {
      {.value = "a==1", .location = {.file = "cog.yaml", .line = 4, .column = 7}},
      {.value = "c", .location = {.file = "cog.yaml", .line = 5, .column = 7}}};
  CHECK(world.failure("").find("cog.yaml:5:7: error: `c` is on none of the package indexes") == 0);
}

TEST_CASE("inputs_digest: a commit is told by its repository, revision and subdirectory") {
  World world;
  const auto digest = [&](const std::string& requirement) {
    world.files["requirements.txt"] = requirement + "\n";
    const io::MemoryTree tree(world.files);
    return resolve::inputs_digest(world.inputs(tree)).value();
  };
  const auto first = digest("a @ git+https://h/r@v1");
  CHECK(digest("a @ git+https://h/r@v1") == first);
  CHECK(digest("a @ git+https://u:secret@h/r@v1") == first);
  CHECK(digest("a @ git+https://h/r@v2") != first);
  CHECK(digest("a @ git+https://h/other@v1") != first);
  CHECK(digest("a @ git+https://h/r@v1#subdirectory=b") != first);
}

TEST_CASE("inputs_digest: changes with what decides the lock, and with nothing else") {
  World world;
  world.files["requirements.txt"] = "a==1\n";
  const auto digest = [&] {
    const io::MemoryTree tree(world.files);
    const auto inputs = world.inputs(tree);
    return resolve::inputs_digest(inputs).value();
  };
  const auto first = digest();
  CHECK(digest() == first);
  world.files["requirements.txt"] = "# said otherwise\na == 1\n";
  CHECK(digest() == first);
  world.files["requirements.txt"] = "a==2\n";
  CHECK(digest() != first);
  world.files["requirements.txt"] = "a==1\n--extra-index-url https://u:secret@h/simple\n";
  const auto with_index = digest();
  CHECK(with_index != first);
  world.files["requirements.txt"] = "a==1\n--extra-index-url https://other:word@h/simple\n";
  CHECK(digest() == with_index);
  const auto extra = [](const std::string& name) {
    return "--extra-index-url https://" + name + ".example/simple\n";
  };
  world.files["requirements.txt"] = extra("x") + extra("y") + "a==1\n";
  const auto in_one_order = digest();
  world.files["requirements.txt"] = extra("y") + extra("x") + "a==1\n";
  CHECK(digest() == in_one_order);
  world.options.index_strategy = pypi::IndexStrategy::first_index;
  const auto first_of_y = digest();
  world.files["requirements.txt"] = extra("x") + extra("y") + "a==1\n";
  CHECK(digest() != first_of_y);
  world.options.index_strategy.reset();
  world.files["requirements.txt"] = "a==1\n";
  world.python = "3.12";
  CHECK(digest() != first);
  world.python = "3.11.2";
  world.options.opencv_headless = false;
  CHECK(digest() != first);
}
