#include <cogbuild/debian/version.hpp>

#include <doctest/doctest.h>

#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace cogbuild;
using debian::compare_versions;

namespace {

// Versions that differ where the rules do: tildes, leading zeros, ends against letters, runs.
class VersionMaker {
 public:
  std::string make() {
    std::string text;
    if (chance(5)) text += pick({"0:", "1:", "01:", "10:"});
    text += part();
    if (chance(2)) text += "-" + part();
    return text;
  }
  // The other is often the first with one thing changed.
  std::pair<std::string, std::string> make_pair() {
    const std::string a = make();
    if (chance(3)) return {a, make()};
    std::string b = a;
    const std::string piece = pick({"~", "+", "0", ".", "a", "1", "~~", "+b1", "Z", "00"});
    // Never at the front: an epoch must stay a number, and a version should begin with a digit.
    const auto begin = b.find(':') == std::string::npos ? 1 : b.find(':') + 2;
    b.insert(begin + random_() % (b.size() - begin + 1), piece);
    if (chance(2)) return {b, a};
    return {a, b};
  }

 private:
  bool chance(unsigned n) { return random_() % n == 0; }
  std::string pick(const std::vector<std::string>& choices) {
    return choices[random_() % choices.size()];
  }
  std::string part() {
    std::string text = pick({"0", "1", "2", "9", "10", "01", "100", "20240131"});
    for (auto n = random_() % 5; n > 0; --n)
      text += pick({".", "~", "+", "a", "b", "rc", "~rc", "0", "1", "00", "10", ".1", "dfsg", "Z",
                    "~~", "+b1", "~bpo12+1"});
    return text;
  }
  std::mt19937 random_{20240131};
};

// The rules restated as slowly as they read: a part as a list of keys, other characters and
// numbers by turns, compared key by key with the end as a key of its own.
std::vector<std::vector<long>> keys(std::string_view part) {
  std::vector<std::vector<long>> all;
  std::size_t i = 0;
  while (i < part.size()) {
    std::vector<long> other;
    for (; i < part.size() && std::isdigit(part[i]) == 0; ++i)
      other.push_back(part[i] == '~' ? -1 : std::isalpha(part[i]) != 0 ? part[i] : part[i] + 1000);
    other.push_back(0);
    all.push_back(other);
    long number = 0;
    for (; i < part.size() && std::isdigit(part[i]) != 0; ++i) number = number * 10 + part[i] - '0';
    all.push_back({number});
  }
  return all;
}

std::strong_ordering naive_parts(std::string_view a, std::string_view b) {
  auto keys_a = keys(a);
  auto keys_b = keys(b);
  while (keys_a.size() < keys_b.size()) keys_a.push_back({0});
  while (keys_b.size() < keys_a.size()) keys_b.push_back({0});
  return keys_a <=> keys_b;
}

std::strong_ordering naive(const std::string& a, const std::string& b) {
  const auto split = [](const std::string& text) {
    const auto colon = text.find(':');
    const std::string rest = colon == std::string::npos ? text : text.substr(colon + 1);
    const auto dash = rest.rfind('-');
    return std::vector<std::string>{colon == std::string::npos ? "0" : text.substr(0, colon),
                                    rest.substr(0, dash),
                                    dash == std::string::npos ? "0" : rest.substr(dash + 1)};
  };
  const auto parts_a = split(a);
  const auto parts_b = split(b);
  for (std::size_t i = 0; i < parts_a.size(); ++i)
    if (const auto order = naive_parts(parts_a[i], parts_b[i]); order != 0) return order;
  return std::strong_ordering::equal;
}

// Asks dpkg about every pair in one process: `lo-N` depends on `have-N (<< b)` and `hi-N` on
// `have-N (>> b)`; what `dpkg --configure -a` would not configure does not hold.
class AskedDpkg {
 public:
  explicit AskedDpkg(const std::vector<std::pair<std::string, std::string>>& pairs)
      : folder_(std::filesystem::temp_directory_path() /
                ("cogbuild-versions-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_ / "info");
    std::filesystem::create_directories(folder_ / "updates");
    std::filesystem::create_directories(folder_ / "triggers");
    for (const char* name : {"available", "diversions", "statoverride"}) write(name, "");
    write("info/format", "1\n");
    std::string status;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const std::string n = std::to_string(i);
      status += stanza("have-" + n, "installed", pairs[i].first, "");
      status += stanza("lo-" + n, "unpacked", "1", "have-" + n + " (<< " + pairs[i].second + ")");
      status += stanza("hi-" + n, "unpacked", "1", "have-" + n + " (>> " + pairs[i].second + ")");
    }
    write("status", status);
    run();
  }
  ~AskedDpkg() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  AskedDpkg(const AskedDpkg&) = delete;
  AskedDpkg& operator=(const AskedDpkg&) = delete;

  // Neither smaller nor larger: equal. Nothing is known of a package that dpkg did not speak of.
  [[nodiscard]] std::strong_ordering order(std::size_t pair) const {
    const std::string n = std::to_string(pair);
    const bool smaller = configured_.contains("lo-" + n);
    const bool larger = configured_.contains("hi-" + n);
    REQUIRE(smaller + refused_.contains("lo-" + n) == 1);
    REQUIRE(larger + refused_.contains("hi-" + n) == 1);
    REQUIRE_FALSE((smaller && larger));
    if (smaller) return std::strong_ordering::less;
    return larger ? std::strong_ordering::greater : std::strong_ordering::equal;
  }

 private:
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name) << content;
  }
  static std::string stanza(const std::string& name, const std::string& state,
                            const std::string& version, const std::string& depends) {
    return "Package: " + name + "\nStatus: install ok " + state + "\nVersion: " + version +
           "\nArchitecture: all\nMaintainer: a <a@b>\nDescription: d\n" +
           (depends.empty() ? "" : "Depends: " + depends + "\n") + "\n";
  }
  void run() {
    const std::string command = "LC_ALL=C dpkg --log=/dev/null --admindir='" + folder_.string() +
                                "' --no-act --abort-after=1000000 --configure -a 2>&1";
    FILE* pipe = popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string line;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
      if (c != '\n') {
        line.push_back(static_cast<char>(c));
        continue;
      }
      note(line, "Setting up ", configured_);
      note(line, "dpkg: error processing package ", refused_);
      line.clear();
    }
    pclose(pipe);
  }
  static void note(const std::string& line, std::string_view begin, std::set<std::string>& names) {
    if (line.starts_with(begin))
      names.insert(line.substr(begin.size(), line.find(' ', begin.size()) - begin.size()));
  }

  std::filesystem::path folder_;
  std::set<std::string> configured_{};
  std::set<std::string> refused_{};
};

}  // namespace

TEST_CASE("compare_versions: agrees with the rules restated, and is an order") {
  VersionMaker maker;
  for (int i = 0; i < 20000; ++i) {
    const auto pair = maker.make_pair();
    const auto& a = pair.first;
    const auto& b = pair.second;
    CAPTURE(a);
    CAPTURE(b);
    const bool as_restated = compare_versions(a, b) == naive(a, b);
    const bool antisymmetric = compare_versions(b, a) == (0 <=> compare_versions(a, b));
    if (!as_restated || !antisymmetric) {
      CHECK(as_restated);
      CHECK(antisymmetric);
    }
  }
  std::vector<std::string> some;
  for (int i = 0; i < 40; ++i) some.push_back(maker.make());
  for (const auto& a : some)
    for (const auto& b : some)
      for (const auto& c : some)
        if (compare_versions(a, b) <= 0 && compare_versions(b, c) <= 0 &&
            compare_versions(a, c) > 0)
          FAIL_CHECK(a << " <= " << b << " <= " << c << ", but not " << a << " <= " << c);
}

TEST_CASE("compare_versions: agrees with dpkg on 2,000 pairs") {
  if (!std::filesystem::exists("/usr/bin/dpkg")) {
    CHECK_MESSAGE(!std::filesystem::exists("/etc/debian_version"), "Debian without dpkg");
    MESSAGE("there is no dpkg here to compare with");
    return;
  }
  VersionMaker maker;
  std::vector<std::pair<std::string, std::string>> pairs;
  for (int i = 0; i < 2000; ++i) pairs.push_back(maker.make_pair());
  const AskedDpkg dpkg(pairs);
  std::size_t equal = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto& a = pairs[i].first;
    const auto& b = pairs[i].second;
    CAPTURE(a);
    CAPTURE(b);
    const auto expected = dpkg.order(i);
    if (expected == 0) ++equal;
    CHECK((compare_versions(a, b) == expected));
  }
  CHECK(equal > 50);  // the pairs must reach that case too
}
