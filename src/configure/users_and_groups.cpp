#include "users_and_groups.hpp"

#include "account_commands.hpp"
#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace cogbuild::configure {
namespace {

constexpr std::uint32_t kFirstId = 100;
constexpr std::uint32_t kNobody = 65534;

struct FixedId {
  std::string_view name{};
  std::uint32_t id = 0;
};

// Names of users and groups that packages make without asking for a number. A number is never
// given to another name; 200 and up, clear of what adduser has given in bases.
constexpr std::array<FixedId, 76> kFixedIds{{
    {"messagebus", 200},
    {"polkitd", 201},
    {"ssh", 202},
    {"_ssh", 203},
    {"sshd", 204},
    {"redis", 205},
    {"postgres", 206},
    {"mysql", 207},
    {"ssl-cert", 208},
    {"rdma", 209},
    {"render", 210},
    {"sgx", 211},
    {"kvm", 212},
    {"input", 213},
    {"crontab", 214},
    {"systemd-network", 215},
    {"systemd-resolve", 216},
    {"systemd-timesync", 217},
    {"systemd-journal", 218},
    {"systemd-coredump", 219},
    {"systemd-oom", 220},
    {"avahi", 221},
    {"pulse", 222},
    {"pulse-access", 223},
    {"rtkit", 224},
    {"geoclue", 225},
    {"colord", 226},
    {"saned", 227},
    {"scanner", 228},
    {"lightdm", 229},
    {"dnsmasq", 230},
    {"tcpdump", 231},
    {"usbmux", 232},
    {"uuidd", 233},
    {"ntpsec", 234},
    {"_chrony", 235},
    {"rabbitmq", 236},
    {"memcache", 237},
    {"mongodb", 238},
    {"elasticsearch", 239},
    {"fluidsynth", 240},
    {"timidity", 241},
    {"netdev", 242},
    {"bluetooth", 243},
    {"lpadmin", 244},
    {"sambashare", 245},
    {"plocate", 246},
    {"mlocate", 247},
    {"postfix", 248},
    {"postdrop", 249},
    {"Debian-exim", 250},
    {"dialout", 251},
    {"gluster", 252},
    {"statd", 253},
    {"_rpc", 254},
    {"munge", 255},
    {"slurm", 256},
    {"docker", 257},
    {"libvirt", 258},
    {"libvirt-qemu", 259},
    {"xrdp", 260},
    {"wireshark", 261},
    {"nslcd", 262},
    {"openldap", 263},
    {"proftpd", 264},
    {"vsftpd", 265},
    {"ftp", 266},
    {"tss", 267},
    {"tftp", 268},
    {"bind", 269},
    {"debian-tor", 270},
    {"clock", 271},
    {"jackuser", 272},
    {"speech-dispatcher", 273},
    {"hplip", 274},
    {"fwupd-refresh", 275},
}};

std::optional<std::uint32_t> parse_id(std::string_view text) {
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return id;
}

using Lines = std::vector<std::vector<std::string>>;

Lines parse_lines(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const auto line = next_line(text);
    if (line.empty()) continue;
    std::vector<std::string> fields;
    for (const auto field : split(line, ':')) fields.emplace_back(field);
    lines.push_back(std::move(fields));
  }
  return lines;
}

std::string to_text(const Lines& lines) {
  std::string text;
  for (const auto& fields : lines) text += fmt::format("{}\n", fmt::join(fields, ":"));
  return text;
}

const std::vector<std::string>* find_line(const Lines& lines, std::string_view name) {
  const auto at =
      std::ranges::find_if(lines, [&](const auto& fields) { return fields[0] == name; });
  return at == lines.end() ? nullptr : &*at;
}

std::optional<std::uint32_t> id_of(const Lines& lines, std::string_view name) {
  const auto* fields = find_line(lines, name);
  if (fields == nullptr || fields->size() < 3) return std::nullopt;
  return parse_id((*fields)[2]);
}

bool is_taken(const Lines& lines, std::uint32_t id) {
  const auto text = std::to_string(id);
  return std::ranges::any_of(
      lines, [&](const auto& fields) { return fields.size() > 2 && fields[2] == text; });
}

Result<Lines> read_lines(const WorkingRoot& root, std::string_view path) {
  if (const auto* text = root.read(path)) return parse_lines(*text);
  if (!root.exists(path)) return Lines{};
  return fail(Error(ErrorKind::config, fmt::format("{} of the base cannot be read", path)));
}

// A user who cannot log in by password, of no age: the day of the last change would be a clock's.
std::vector<std::string> shadow_line(std::string_view name, std::string_view password) {
  return {std::string(name), std::string(password), "", "0", "99999", "7", "", "", ""};
}

}  // namespace

Result<Accounts> Accounts::of(const WorkingRoot& root) {
  Accounts accounts;
  TRY_ASSIGN(accounts.passwd_, read_lines(root, "etc/passwd"));
  TRY_ASSIGN(accounts.group_, read_lines(root, "etc/group"));
  accounts.has_shadow_ = root.read("etc/shadow") != nullptr;
  accounts.has_gshadow_ = root.read("etc/gshadow") != nullptr;
  if (accounts.has_shadow_) {
    TRY_ASSIGN(accounts.shadow_, read_lines(root, "etc/shadow"));
  }
  if (accounts.has_gshadow_) {
    TRY_ASSIGN(accounts.gshadow_, read_lines(root, "etc/gshadow"));
  }
  const bool begins_shadow = root.options().new_root || root.package("passwd") != nullptr;
  if (!begins_shadow || accounts.passwd_.empty()) return accounts;
  accounts.changed_ = accounts.changed_ || !accounts.has_shadow_ || !accounts.has_gshadow_;
  if (!accounts.has_shadow_) {
    accounts.has_shadow_ = true;
    for (auto& fields : accounts.passwd_) {
      if (fields.size() < 2) continue;
      accounts.shadow_.push_back(shadow_line(fields[0], fields[1]));
      fields[1] = "x";
    }
  }
  if (!accounts.has_gshadow_) {
    accounts.has_gshadow_ = true;
    for (auto& fields : accounts.group_) {
      if (fields.size() < 4) continue;
      accounts.gshadow_.push_back({fields[0], fields[1], "", fields[3]});
      fields[1] = "x";
    }
  }
  return accounts;
}

std::uint32_t Accounts::free_id(std::string_view name, const Lines& lines,
                                std::optional<std::uint32_t> wish) const {
  if (wish && !is_taken(lines, *wish)) return *wish;
  const auto fixed = std::ranges::find(kFixedIds, name, &FixedId::name);
  if (fixed != kFixedIds.end() && !is_taken(lines, fixed->id)) return fixed->id;
  const auto is_reserved = [](std::uint32_t id) {
    return std::ranges::any_of(kFixedIds, [id](const FixedId& one) { return one.id == id; });
  };
  std::uint32_t id = kFirstId;
  while (is_reserved(id) || is_taken(passwd_, id) || is_taken(group_, id)) ++id;
  return id;
}

std::uint32_t Accounts::ensure_group(std::string_view name, std::optional<std::uint32_t> gid) {
  if (const auto known = id_of(group_, name)) return *known;
  const auto id = free_id(name, group_, gid);
  group_.push_back({std::string(name), "x", std::to_string(id), ""});
  if (has_gshadow_) gshadow_.push_back({std::string(name), "!", "", ""});
  changed_ = true;
  return id;
}

void Accounts::add_group(const WantedGroup& group) { ensure_group(group.name, group.gid); }

void Accounts::add_user(const WantedUser& user) {
  if (find_line(passwd_, user.name) != nullptr) return;
  const auto uid = free_id(user.name, passwd_, user.uid);
  std::uint32_t gid = kNobody;
  if (user.own_group) {
    gid = ensure_group(user.name, uid);
  } else if (const auto number = parse_id(user.group)) {
    gid = *number;
  } else if (!user.group.empty() && is_account_name(user.group)) {
    gid = ensure_group(user.group, std::nullopt);
  }
  passwd_.push_back({user.name, has_shadow_ ? "x" : "*", std::to_string(uid), std::to_string(gid),
                     user.comment, user.home, user.shell});
  if (has_shadow_) shadow_.push_back(shadow_line(user.name, "!"));
  changed_ = true;
}

void Accounts::add_membership(const WantedMembership& membership) {
  ensure_group(membership.group, std::nullopt);
  const auto join = [&membership](Lines& lines) {
    for (auto& fields : lines) {
      if (fields[0] != membership.group || fields.size() < 4) continue;
      const auto members = split(fields[3], ',');
      if (std::ranges::find(members, membership.user) != members.end()) return false;
      if (!fields[3].empty()) fields[3] += ',';
      fields[3] += membership.user;
      return true;
    }
    return false;
  };
  changed_ = join(group_) || changed_;
  if (has_gshadow_) join(gshadow_);
}

std::optional<std::uint32_t> Accounts::uid(std::string_view user) const {
  if (const auto id = id_of(passwd_, user)) return id;
  return parse_id(user);
}

std::optional<std::uint32_t> Accounts::gid(std::string_view group) const {
  if (const auto id = id_of(group_, group)) return id;
  return parse_id(group);
}

void Accounts::write(WorkingRoot& root) const {
  if (!changed_) return;
  const Ownership secret{.mode = 0640, .uid = 0, .gid = id_of(group_, "shadow").value_or(42)};
  root.add_file("etc/passwd", to_text(passwd_));
  root.add_file("etc/group", to_text(group_));
  if (has_shadow_) root.add_file("etc/shadow", to_text(shadow_), secret);
  if (has_gshadow_) root.add_file("etc/gshadow", to_text(gshadow_), secret);
}

Result<Accounts> write_users_and_groups(WorkingRoot& root, std::vector<WantedUser> users,
                                        std::vector<WantedGroup> groups,
                                        std::vector<WantedMembership> memberships) {
  std::ranges::stable_sort(users, {}, &WantedUser::name);
  std::ranges::stable_sort(groups, {}, &WantedGroup::name);
  std::ranges::sort(memberships, [](const auto& a, const auto& b) {
    return std::tie(a.group, a.user) < std::tie(b.group, b.user);
  });
  TRY_ASSIGN(auto accounts, Accounts::of(root));
  // First who asks for a number, then who takes what is left.
  for (const bool numbered : {true, false}) {
    for (const auto& group : groups)
      if (group.gid.has_value() == numbered) accounts.add_group(group);
    for (const auto& user : users)
      if (user.uid.has_value() == numbered) accounts.add_user(user);
  }
  for (const auto& membership : memberships) accounts.add_membership(membership);
  accounts.write(root);
  for (const auto& user : users) {
    if (!user.create_home) continue;
    const auto* line = root.read("etc/passwd");
    if (line == nullptr) continue;
    root.add_missing_directory(
        root.canonical(user.home),
        {.mode = 0755,
         .uid = accounts.uid(user.name).value_or(0),
         .gid = accounts.gid(user.own_group ? user.name : user.group).value_or(kNobody)});
  }
  return accounts;
}

}  // namespace cogbuild::configure
