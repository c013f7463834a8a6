#include <cogbuild/pypi/index_config.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using namespace cogbuild::pypi;

namespace {

using Texts = std::vector<std::string>;

Texts printed(const IndexConfig& config) {
  Texts out;
  for (const auto& index : config.indexes) out.push_back(url::to_string(index));
  return out;
}

IndexConfig choose(const python::IndexOptions& options, const IndexSources& sources) {
  auto config = choose_indexes(options, sources);
  REQUIRE_MESSAGE(config.has_value(), (config ? "" : config.error().message()));
  return *config;
}

IndexSources sources(std::map<std::string, std::string> variables,
                     const std::string& pip_file = {}) {
  return {.variables = std::move(variables),
          .pip_files = {{"pip.conf", pip_file}},
          .default_index = "https://default.example/simple",
          .project_root = "/project",
          .working_directory = "/cwd"};
}

python::OptionValue at_line(const std::string& value) {
  return {.value = value, .location = {.file = "requirements.txt", .line = 2}};
}

}  // namespace

TEST_CASE("choose_indexes: the main index by rank of its source") {
  const std::string file = "[global]\nindex-url = https://file.example/simple/\n";
  CHECK(printed(choose({}, sources({}))) == Texts{"https://default.example/simple/"});
  CHECK(printed(choose({}, sources({}, file))) == Texts{"https://file.example/simple/"});
  CHECK(printed(choose({}, sources({{"UV_DEFAULT_INDEX", "https://uv.example/s"}}, file))) ==
        Texts{"https://uv.example/s/"});
  CHECK(printed(choose({}, sources({{"UV_INDEX_URL", "https://a.example"},
                                    {"PIP_INDEX_URL", "https://b.example"}}))) ==
        Texts{"https://b.example/"});
  CHECK(printed(choose({.index_url = at_line("https://own.example/")},
                       sources({{"PIP_INDEX_URL", "https://b.example"}}, file))) ==
        Texts{"https://own.example/"});
}

TEST_CASE("choose_indexes: further indexes follow, each once") {
  const std::string file =
      "[global]\nextra-index-url =\n  https://f1.example/\n  https://f2.example/\n";
  CHECK(
      printed(choose({.extra_index_urls = {at_line("https://own.example/")}}, sources({}, file))) ==
      Texts{"https://default.example/simple/", "https://own.example/", "https://f1.example/",
            "https://f2.example/"});
  CHECK(printed(choose(
            {}, sources({{"PIP_EXTRA_INDEX_URL", "https://e1.example https://e2.example/"},
                         {"UV_INDEX", "corp=https://u.example/?a=b https://e1.example/"}},
                        file))) == Texts{"https://default.example/simple/", "https://e1.example/",
                                         "https://e2.example/", "https://u.example/?a=b"});
  CHECK(printed(choose({.index_url = at_line("https://own.example/"),
                        .extra_index_urls = {at_line("https://own2.example/")}},
                       sources({{"PIP_EXTRA_INDEX_URL", "https://e1.example"}}))) ==
        Texts{"https://own.example/", "https://own2.example/"});
}

TEST_CASE("choose_indexes: --no-index leaves find-links, resolved against their place") {
  const auto config =
      choose({.find_links = {at_line("wheels"), at_line("/abs"),
                             at_line("https://x.example/list.html"), at_line("file:///srv/a%20b")},
              .no_index = true},
             sources({{"PIP_FIND_LINKS", "more ../up"}}));
  CHECK(config.indexes.empty());
  CHECK(config.find_links == Texts{"/project/wheels", "/abs", "https://x.example/list.html",
                                   "/srv/a b", "/cwd/more", "/up"});
  const auto nothing = choose_indexes({}, sources({{"PIP_NO_INDEX", "1"}}));
  REQUIRE_FALSE(nothing.has_value());
  CHECK(nothing.error().message() == "no package index is to be asked, and no find-links given");
  const auto unknown = choose_indexes({}, {});
  REQUIRE_FALSE(unknown.has_value());
  CHECK(unknown.error().message() == "no package index is configured");
}

TEST_CASE("choose_indexes: plain http needs trust, loopback does not") {
  const auto refused =
      choose_indexes({.index_url = at_line("http://u:secret@corp.example/simple")}, sources({}));
  REQUIRE_FALSE(refused.has_value());
  CHECK(
      render(refused.error()) ==
      "requirements.txt:2: error: http://corp.example/simple/ is plain http, so anybody on the way "
      "could change what is installed\n"
      "hint: use https, or accept it with --trusted-host corp.example\n");
  CHECK_FALSE(
      choose_indexes({.find_links = {at_line("http://corp.example/x")}}, sources({})).has_value());
  CHECK(choose({.index_url = at_line("http://corp.example/"), .trusted_hosts = {"corp.example"}},
               sources({}))
            .indexes.size() == 1);
  CHECK(choose({}, sources({{"PIP_INDEX_URL", "http://corp.example:81/"}},
                           "[install]\ntrusted-host: corp.example:81\n"))
            .indexes.size() == 1);
  CHECK(choose({.index_url = at_line("http://127.0.0.1:99/")}, sources({})).indexes.size() == 1);
}

TEST_CASE("choose_indexes: credentials from the URL, else from netrc") {
  auto given =
      sources({{"PIP_EXTRA_INDEX_URL", "https://u:p%40@corp.example/ https://other.example/"}});
  given.netrc =
      "machine corp.example login n password n\nmachine other.example\n\tlogin me\n\tpassword \"a "
      "b\"\n";
  const auto config = choose({}, given);
  REQUIRE(config.indexes.size() == 3);
  CHECK_FALSE(config.indexes[0].has_credentials());
  CHECK(config.indexes[1].username == "u");
  CHECK(config.indexes[1].password == "p@");
  CHECK(config.indexes[2].username == "me");
  CHECK(config.indexes[2].password == "a b");
}

TEST_CASE("choose_indexes: an unusable URL is an error without its credentials") {
  const auto config = choose_indexes({.index_url = at_line("https://u:secret@/x")}, sources({}));
  REQUIRE_FALSE(config.has_value());
  CHECK(config.error().location()->line == 2);
  CHECK(config.error().message().find("secret") == std::string::npos);
}

TEST_CASE("parse_pip_config: sections, spellings, comments and values over several lines") {
  const auto values = parse_pip_config(
      "# comment\n[global]\nIndex_URL : https://a/\n; comment\nextra-index-url =\n    https://b/\n"
      "    # between\n\thttps://c/\n\nbroken line\n[install]\n--find-links = "
      "x\n[global]\ntimeout=5\r\n");
  CHECK(values ==
        std::map<std::string, std::string>{{"global.index-url", "https://a/"},
                                           {"global.extra-index-url", "\nhttps://b/\nhttps://c/"},
                                           {"install.find-links", "x"},
                                           {"global.timeout", "5"}});
  CHECK(parse_pip_config("  x = 1\n[\n]\n=\n").size() == 2);
}

TEST_CASE("choose_indexes: install goes before global, later files before earlier ones") {
  auto given = sources({});
  given.pip_files = {{"/etc/pip.conf", "[install]\nindex-url=https://a.example/\n"},
                     {"user", "[global]\nindex-url=https://b.example/\n"}};
  CHECK(printed(choose({}, given)) == Texts{"https://a.example/"});
  given.pip_files = {{"/etc/pip.conf", "[global]\nindex-url=https://a.example/\n"},
                     {"user", "[global]\nindex-url=https://b.example/\n"}};
  CHECK(printed(choose({}, given)) == Texts{"https://b.example/"});
}

TEST_CASE("pip_config_paths: later ones win") {
  using Paths = std::vector<std::filesystem::path>;
  CHECK(pip_config_paths({{"HOME", "/h"}}) ==
        Paths{"/etc/pip.conf", "/h/.pip/pip.conf", "/h/.config/pip/pip.conf"});
  CHECK(pip_config_paths({{"HOME", "/h"}, {"XDG_CONFIG_HOME", "/c"}, {"PIP_CONFIG_FILE", "/x"}}) ==
        Paths{"/etc/pip.conf", "/h/.pip/pip.conf", "/c/pip/pip.conf", "/x"});
  CHECK(pip_config_paths({{"HOME", "/h"}, {"PIP_CONFIG_FILE", "/dev/null"}}).empty());
}

TEST_CASE("find_netrc_entry: the host's entry, else the default") {
  const std::string text =
      "# c\nmachine a login x password y account z\nmacdef init\nmachine evil login m\n\n"
      "default login d password e\n";
  CHECK(find_netrc_entry(text, "a").login == "x");
  CHECK(find_netrc_entry(text, "a").password == "y");
  CHECK(find_netrc_entry(text, "b").login == "d");
  CHECK(find_netrc_entry(text, "evil").login == "d");
  CHECK(find_netrc_entry("machine", "a").login.empty());
  CHECK(find_netrc_entry("machine a login", "a").login.empty());
  CHECK(find_netrc_entry("", "a").login.empty());
  CHECK(find_netrc_entry("machine a password \"unclosed", "a").password == "unclosed");
}

TEST_CASE("choose_indexes: uv.toml comes after the environment and pip's files") {
  auto given = sources({});
  given.uv_files = {
      {"/etc/uv/uv.toml",
       "index-url = 'https://system.example/'\nextra-index-url = ['https://e.example/']\n"
       "no-index = true\nfind-links = ['wheels']\n"},
      {"/home/u/uv.toml",
       "no-index = false\nindex-strategy = 'first-index'\nfind-links = ['/abs', "
       "'https://x.example/list.html']\n"
       "[[index]]\nname = 'corp'\nurl = 'https://corp.example/simple'\n"
       "[[index]]\nurl = 'https://main.example/simple'\ndefault = true\n"
       "[[index]]\nurl = 'https://pinned.example/'\nexplicit = true\n"
       "[[index]]\nurl = 'flat'\nformat = 'flat'\n[[index]]\nname = 3\n"}};
  const auto config = choose({}, given);
  CHECK(printed(config) == Texts{"https://main.example/simple/", "https://corp.example/simple/",
                                 "https://e.example/"});
  CHECK(config.find_links ==
        Texts{"/home/u/flat", "/abs", "https://x.example/list.html", "/etc/uv/wheels"});
  CHECK(config.strategy == IndexStrategy::first_index);

  given.pip_files = {
      {"pip.conf",
       "[global]\nindex-url=https://pip.example/\nextra-index-url=https://p.example/\n"
       "find-links=/pip\nno-index=false\n"}};
  CHECK(printed(choose({}, given)) == Texts{"https://pip.example/", "https://p.example/"});
  CHECK(choose({}, given).find_links == Texts{"/pip"});

  given.variables = {{"UV_DEFAULT_INDEX", "https://env.example/"},
                     {"UV_INDEX", "https://x.example/"},
                     {"UV_FIND_LINKS", "/a b,/c"},
                     {"UV_INDEX_STRATEGY", "unsafe-best-match"}};
  const auto of_environment = choose({}, given);
  CHECK(printed(of_environment) == Texts{"https://env.example/", "https://x.example/"});
  CHECK(of_environment.find_links == Texts{"/a b", "/c"});
  CHECK(of_environment.strategy == IndexStrategy::unsafe_best_match);
  given.variables["UV_NO_INDEX"] = "1";
  CHECK(choose({}, given).indexes.empty());
}

TEST_CASE("choose_indexes: [pip] of uv.toml goes before the top") {
  auto given = sources({});
  given.uv_files = {
      {"uv.toml", "index-url = 'https://a.example/'\n[pip]\nindex-url = 'https://b.example/'\n"}};
  CHECK(printed(choose({}, given)) == Texts{"https://b.example/"});
}

TEST_CASE("choose_indexes: a broken uv.toml and an unknown strategy are errors") {
  auto given = sources({});
  given.uv_files = {{"/c/uv.toml", "a = 1\nindex-url = 'https://u:secret@x\n"}};
  const auto broken = choose_indexes({}, given);
  REQUIRE_FALSE(broken.has_value());
  CHECK(render(broken.error()).find("secret") == std::string::npos);
  CHECK(broken.error().message() == "`/c/uv.toml` is not valid TOML");
  CHECK(broken.error().location()->line >= 2);
  const auto strategy = choose_indexes({}, sources({{"UV_INDEX_STRATEGY", "unsafe-first-match"}}));
  REQUIRE_FALSE(strategy.has_value());
  CHECK(strategy.error().message() == "the index strategy `unsafe-first-match` is not supported");
}

TEST_CASE("choose_indexes: named indexes take their login from the environment") {
  auto given = sources({{"UV_INDEX", "my-corp.x=https://corp.example/ plain=https://p.example/"},
                        {"UV_INDEX_MY_CORP_X_USERNAME", "me"},
                        {"UV_INDEX_MY_CORP_X_PASSWORD", "pw"}});
  given.netrc = "machine corp.example login n password n\nmachine p.example login q password r\n";
  const auto config = choose({}, given);
  REQUIRE(config.indexes.size() == 3);
  CHECK(config.indexes[1].username == "me");
  CHECK(config.indexes[1].password == "pw");
  CHECK(config.indexes[2].username == "q");
  given.variables["UV_INDEX"] = "my-corp.x=https://own:key@corp.example/";
  CHECK(choose({}, given).indexes.at(1).password == "key");
}

TEST_CASE("choose_indexes: the keyring is asked when a setting says so and a user is named") {
  Texts asked;
  auto given = sources({{"PIP_INDEX_URL", "https://me@corp.example:81/simple"},
                        {"PIP_EXTRA_INDEX_URL", "https://nobody.example/"}});
  given.ask_keyring = [&](const std::string& place,
                          const std::string& user) -> std::optional<std::string> {
    asked.push_back(place + " " + user);
    if (place != "corp.example:81") return std::nullopt;
    return "pw";
  };
  CHECK(choose({}, given).indexes.at(0).password.empty());
  CHECK(asked.empty());
  given.variables["UV_KEYRING_PROVIDER"] = "subprocess";
  CHECK(choose({}, given).indexes.at(0).password == "pw");
  CHECK(asked == Texts{"https://corp.example:81/simple/ me", "corp.example:81 me"});
  given.netrc = "machine corp.example login me password n\n";
  CHECK(choose({}, given).indexes.at(0).password == "n");
  given.netrc = "machine corp.example login other password n\n";
  CHECK(choose({}, given).indexes.at(0).password == "pw");
}

TEST_CASE("uv_config_paths: later ones win, one file alone, or none") {
  using Paths = std::vector<std::filesystem::path>;
  CHECK(uv_config_paths({{"HOME", "/h"}}) == Paths{"/etc/uv/uv.toml", "/h/.config/uv/uv.toml"});
  CHECK(uv_config_paths({{"HOME", "/h"}, {"XDG_CONFIG_HOME", "/c"}}) ==
        Paths{"/etc/uv/uv.toml", "/c/uv/uv.toml"});
  CHECK(uv_config_paths({{"HOME", "/h"}, {"UV_CONFIG_FILE", "/x.toml"}}) == Paths{"/x.toml"});
  CHECK(uv_config_paths({{"HOME", "/h"}, {"UV_NO_CONFIG", "1"}}).empty());
}
