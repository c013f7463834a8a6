#include <cogbuild/python/requirements_file.hpp>

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

using namespace cogbuild;
using python::read_requirements_file;
using python::RequirementLine;
using python::RequirementsFile;

namespace {

const std::string kHash(64, 'a');

using Files = std::map<std::string, std::string>;

Result<RequirementsFile> read(Files files, const python::Variables& variables = {}) {
  return read_requirements_file(io::MemoryTree(std::move(files)), "requirements.txt", variables);
}

RequirementsFile read_text(const std::string& text, const python::Variables& variables = {}) {
  auto file = read({{"requirements.txt", text}}, variables);
  REQUIRE_MESSAGE(file, (file ? "" : render(file.error())));
  return *std::move(file);
}

// `line: requirement`, one per requirement.
std::vector<std::string> names(const std::vector<RequirementLine>& lines) {
  std::vector<std::string> shown;
  for (const auto& line : lines) {
    shown.push_back(std::to_string(line.location.line) + ": " +
                    (line.kind == RequirementLine::Kind::named ? to_string(line.requirement)
                                                               : line.location_text));
  }
  return shown;
}

using Names = std::vector<std::string>;

std::string failure(const std::string& text) {
  const auto file = read({{"requirements.txt", text}});
  REQUIRE_MESSAGE(!file, text);
  return render(file.error());
}

}  // namespace

TEST_CASE("read_requirements_file: pip's reading order") {
  struct Row {
    std::string text{};
    Names expected{};
  };
  const std::vector<Row> rows = {
      {"a\nb\r\nc\rd", {"1: a", "2: b", "3: c", "4: d"}},
      {"# all\n  \n\ta # end\n", {"3: a"}},
      {"a\\\n==1\nb", {"1: a==1", "3: b"}},
      {"a>=1,\\\n  \\\n  <2", {"1: a>=1,<2"}},
      {"a\\\n# ends it\nb", {"1: a", "3: b"}},
      {"# a comment is never continued \\\nb", {"2: b"}},
      {"a\\", {"1: a"}},
      {"a @ https://host/x.zip#egg=a", {"1: a @ https://host/x.zip#egg=a"}},
      {"a #b", {"1: a"}},
      {"a(>=1) ; os_name=='posix'", {"1: a>=1 ; os_name == \"posix\""}},
      {"\xEF\xBB\xBF"
       "a",
       {"1: a"}},
      {std::string("\xFF\xFE"
                   "a\0\n\0b\0",
                   8),
       {"1: a", "2: b"}},
      {"# -*- coding: latin-1 -*-\na # \xE9", {"2: a"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(names(read_text(row.text).requirements) == row.expected);
  }
}

TEST_CASE("read_requirements_file: variables expand only as ${NAME}, after comments are gone") {
  const python::Variables variables = {
      {"NAME", "numpy"}, {"EMPTY", ""}, {"URL", "https://host/a#x"}};
  CHECK(names(read_text("${NAME}==1", variables).requirements) == Names{"1: numpy==1"});
  CHECK(read_text("-i https://h/${NAME}/${EMPTY}/${UNSET}/$NAME/%NAME%/${name}", variables)
            .options.index_url->value == "https://h/numpy/${EMPTY}/${UNSET}/$NAME/%NAME%/${name}");
  CHECK(read_text("-i ${URL}", variables).options.index_url->value == "https://host/a#x");
}

TEST_CASE("read_requirements_file: a location points at the first character of the first line") {
  const auto file = read_text("a\n  b\\\n==1");
  CHECK(file.requirements[1].location ==
        SourceLocation{.file = "requirements.txt", .line = 2, .column = 3, .line_text = "  b\\"});
}

TEST_CASE("read_requirements_file: index options, the last index URL wins") {
  const auto options = read_text(
                           "-i https://one/simple\n--index-url=https://two/simple --pre\n"
                           "--extra-index-url https://three --extra-index-url=https://four\n"
                           "-fhttps://five/list.html\n--find-links wheels\n--trusted-host=h:8080\n"
                           "--no-index --prefer-binary\n--no-binary :all:\n--only-binary A_b,c\n"
                           "--no-binary d\n--all-releases x\n--only-final=:all:\n")
                           .options;
  CHECK(options.index_url->value == "https://two/simple");
  CHECK(options.index_url->location.line == 2);
  REQUIRE(options.extra_index_urls.size() == 2);
  CHECK(options.extra_index_urls[1].value == "https://four");
  REQUIRE(options.find_links.size() == 2);
  CHECK(options.find_links[0].value == "https://five/list.html");
  CHECK(options.find_links[1].value == "wheels");
  CHECK(options.trusted_hosts == Names{"h:8080"});
  CHECK(options.no_index);
  CHECK(options.prefer_binary);
  CHECK(options.prereleases);
  CHECK(options.no_binary == python::NameSelection{.all = true, .names = {"d"}});
  CHECK(options.only_binary == python::NameSelection{.names = {"a-b", "c"}});
  CHECK(options.only_final == python::NameSelection{.all = true});
  CHECK(options.all_releases == python::NameSelection{});
}

TEST_CASE("read_requirements_file: one hash anywhere switches hash mode on") {
  CHECK(!read_text("a==1").hash_mode);
  const auto file =
      read_text("a==1 --hash=sha256:" + kHash + " \\\n  --hash sha256:" + kHash + "\nb");
  CHECK(file.hash_mode);
  CHECK(file.requirements[0].hashes.size() == 2);
  CHECK(read_text("--require-hashes\na==1").hash_mode);
  CHECK(!read_text("a==1 --hash=sha256:" + kHash + "\n--no-require-hashes").hash_mode);
}

TEST_CASE(
    "read_requirements_file: includes are read in place, once, relative to the including file") {
  const auto file = read({{"requirements.txt", "a\n-r sub/more.txt\n-c limits.txt\nd"},
                          {"sub/more.txt", "b\n-r ../requirements.txt\n--requirement deeper.txt"},
                          {"sub/deeper.txt", "c"},
                          {"limits.txt", "numpy<2\n-r sub/deeper.txt"}});
  REQUIRE(file);
  CHECK(names(file->requirements) == Names{"1: a", "1: b", "1: c", "4: d"});
  CHECK(names(file->constraints) == Names{"1: numpy<2", "1: c"});
  CHECK(file->requirements[2].location.file == "sub/deeper.txt");
  std::vector<std::string> paths;
  for (const auto& [path, text] : file->files) paths.push_back(path);
  CHECK(paths == Names{"requirements.txt", "sub/more.txt", "sub/deeper.txt", "limits.txt",
                       "sub/deeper.txt"});
}

TEST_CASE("read_requirements_file: URLs and paths keep where they point") {
  const auto file =
      read({{"requirements.txt",
             "https://host/a-1.0-py3-none-any.whl ; os_name == 'posix'\n"
             "sub/b-2.0-py3-none-any.whl[x]\n-r sub/more.txt\ngit+https://host/r@v1#egg=n\n"
             "-e ./lib\n"},
            {"sub/b-2.0-py3-none-any.whl", ""},
            {"sub/more.txt", "./b-2.0-py3-none-any.whl\nsub/b-2.0-py3-none-any.whl\nc-1.tar.gz"},
            {"lib/setup.py", ""}});
  REQUIRE(file);
  CHECK(names(file->requirements) ==
        Names{"1: https://host/a-1.0-py3-none-any.whl", "2: sub/b-2.0-py3-none-any.whl",
              "1: sub/b-2.0-py3-none-any.whl", "2: sub/b-2.0-py3-none-any.whl", "3: sub/c-1.tar.gz",
              "4: git+https://host/r@v1#egg=n", "5: lib"});
  CHECK(to_string(file->requirements[0].requirement) == "a ; os_name == \"posix\"");
  CHECK(to_string(file->requirements[1].requirement) == "b[x]");
  CHECK(file->requirements[4].requirement.name == python::PackageName::parse("c").value());
  CHECK(file->requirements[5].kind == RequirementLine::Kind::versioned);
  CHECK(file->requirements[6].editable);
}

TEST_CASE("read_requirements_file: what has no effect is a warning") {
  const auto file = read_text("-e .\na --pre\nb --config-settings k=v\n--use-feature x\n");
  Names shown;
  for (const auto& warning : file.warnings) shown.push_back(warning.message());
  CHECK(shown ==
        Names{"`-e .` is skipped: the project's own files are in the image anyway",
              "option `--pre` has no effect on a requirement's line; it belongs on its own line",
              "option `--config-settings` has no effect: nothing is built from source",
              "option `--use-feature` has no effect"});
}

TEST_CASE("read_requirements_file: errors name file, line and what to do; all are reported") {
  CHECK(
      failure("-r missing.txt") ==
      "requirements.txt:1:1: error: cannot read `missing.txt` (included from requirements.txt:1)\n"
      "  1 | -r missing.txt\n"
      "    | ^\n");
  CHECK(failure("a\n--wheel-dir x")
            .find("2:1: error: option `--wheel-dir` is not supported in a requirements file") !=
        std::string::npos);
  CHECK(failure("-r").find("option `-r` needs a value") != std::string::npos);
  CHECK(failure("--pre=1").find("option `--pre` takes no value") != std::string::npos);
  CHECK(failure("-r ../x.txt").find("`../x.txt` is outside of the project") != std::string::npos);
  CHECK(failure("-r /etc/passwd").find("`/etc/passwd` is outside of the project") !=
        std::string::npos);
  CHECK(failure("-r https://user:secret@h/x").find("secret") == std::string::npos);
  CHECK(failure("a --hash=md5:00").find("hash algorithm `md5` is not accepted") !=
        std::string::npos);
  CHECK(failure("a --hash=sha256:00").find("`00` is not 64 hex digits of sha256") !=
        std::string::npos);
  CHECK(failure("-e git+https://h/r").find("editable VCS checkouts cannot exist in an image") !=
        std::string::npos);
  CHECK(failure("hg+https://h/r").find("`hg+` requirements are not supported") !=
        std::string::npos);
  CHECK(failure("a \xFF").find("`requirements.txt` is not valid UTF-8") != std::string::npos);
  CHECK(failure("# coding: koi8-r\na").find("declares the encoding `koi8-r`") != std::string::npos);
  CHECK(failure("-i 'x").find("a quote is not closed") != std::string::npos);
  const auto both = read({{"requirements.txt", "==1\n==2"}});
  REQUIRE(!both);
  CHECK(both.error().others().size() == 1);
  CHECK(!read({}));
}

TEST_CASE("read_requirements_file: a constraint needs a name, no extras, no editable") {
  const auto constraint = [](const std::string& text) {
    const auto file = read({{"requirements.txt", "-c c.txt"}, {"c.txt", text}, {"lib/x", ""}});
    return file ? std::string("accepted") : file.error().message();
  };
  CHECK(constraint("a<2") == "accepted");
  CHECK(constraint("a @ https://h/a-1-py3-none-any.whl") == "accepted");
  CHECK(constraint("a[x]<2") == "a constraint cannot have extras");
  CHECK(constraint("./lib") == "a constraint must have a name");
  CHECK(constraint("-e ./lib") == "a constraint cannot be editable");
}

TEST_CASE("read_requirement_lines: packages of cog.yaml read like lines of a file") {
  const io::MemoryTree project({});
  const SourceLocation place{.file = "cog.yaml", .line = 4, .column = 7};
  const auto file = python::read_requirement_lines(
      project, {{.value = "torch==2.1.0 # note", .location = place},
                {.value = "--extra-index-url https://h/x", .location = place}});
  REQUIRE(file);
  CHECK(names(file->requirements) == Names{"4: torch==2.1.0"});
  CHECK(file->requirements[0].location == place);
  CHECK(file->options.extra_index_urls.size() == 1);
}

TEST_CASE("read_requirements_file: index options on a requirement's line apply to the whole file") {
  const auto file = read_text("a==1 --extra-index-url=https://h/x -f https://h/list.html\n");
  CHECK(names(file.requirements) == Names{"1: a==1"});
  REQUIRE(file.options.extra_index_urls.size() == 1);
  CHECK(file.options.extra_index_urls[0].value == "https://h/x");
  CHECK(file.options.find_links.size() == 1);
  REQUIRE(file.warnings.size() == 2);
  CHECK(file.warnings[0].message() ==
        "option `--extra-index-url` cannot apply to one package, it applies to the whole file; it "
        "belongs "
        "on its own line of a requirements file");
}

TEST_CASE("read_requirement_lines: options among the packages of cog.yaml warn at their line") {
  const io::MemoryTree project({});
  const auto file = python::read_requirement_lines(
      project, {{.value = "bigtensor==2.1.2 --index-url https://h/cu118",
                 .location = {.file = "cog.yaml", .line = 4, .column = 7}},
                {.value = "--find-links https://h/list.html",
                 .location = {.file = "cog.yaml", .line = 5, .column = 7}},
                {.value = "arraykit", .location = {.file = "cog.yaml", .line = 6, .column = 7}}});
  REQUIRE(file);
  REQUIRE(file->warnings.size() == 2);
  CHECK(file->warnings[0].location()->line == 4);
  CHECK(file->warnings[1].location()->line == 5);
  CHECK(!file->options.index_url);
  REQUIRE(file->options.extra_index_urls.size() == 1);
  CHECK(file->options.extra_index_urls[0].value == "https://h/cu118");
  CHECK(file->options.find_links.size() == 1);
  CHECK(names(file->requirements) == Names{"4: bigtensor==2.1.2", "6: arraykit"});
}
