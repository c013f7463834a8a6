#include "pylock_fields.hpp"

#include <cogbuild/python/wheel_name.hpp>
#include <cogbuild/url/url.hpp>

#include <algorithm>

namespace cogbuild::lock {
namespace {

// Whether `text` has the form of `pattern`, in which `0` is any digit.
bool has_form(std::string_view text, std::string_view pattern) {
  return std::ranges::equal(text, pattern, [](char have, char want) {
    return want == '0' ? have >= '0' && have <= '9' : have == want;
  });
}

int number(std::string_view digits) {
  int value = 0;
  for (const char digit : digits) value = value * 10 + (digit - '0');
  return value;
}

int days_of_month(int year, int month) {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

}  // namespace

Place place_of(const LockedDistribution& distribution) {
  switch (distribution.form) {
    case Form::version_control:
      return Place::vcs;
    case Form::directory:
      return Place::directory;
    case Form::wheel:
      return distribution.direct_url ? Place::archive : Place::wheels;
    case Form::source_archive:
      break;
  }
  return distribution.direct_url ? Place::archive : Place::sdist;
}

Form form_at(Place place, const std::string& file_name) {
  switch (place) {
    case Place::vcs:
      return Form::version_control;
    case Place::directory:
      return Form::directory;
    case Place::wheels:
      return Form::wheel;
    case Place::archive:
      if (python::is_wheel_file_name(file_name)) return Form::wheel;
      break;
    case Place::sdist:
      break;
  }
  return Form::source_archive;
}

std::string file_name_at(Place place, const std::string& location) {
  return place == Place::vcs || place == Place::directory ? std::string() : last_part(location);
}

bool is_url(std::string_view location) { return location.find("://") != std::string_view::npos; }

std::string last_part(const std::string& location) {
  if (!is_url(location)) return location.substr(location.rfind('/') + 1);
  const auto parsed = url::parse(location);
  return parsed ? parsed->file_name() : std::string();
}

std::string without_scheme_prefix(const std::string& location) {
  return location.starts_with("git+") ? location.substr(4) : location;
}

bool is_canonical_time(std::string_view text) {
  if (!has_form(text, "0000-00-00T00:00:00Z")) {
    if (!has_form(text, "0000-00-00T00:00:00.000000Z") || text.substr(20, 6) == "000000")
      return false;
  }
  const int year = number(text.substr(0, 4));
  const int month = number(text.substr(5, 2));
  const int day = number(text.substr(8, 2));
  return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= days_of_month(year, month) &&
         number(text.substr(11, 2)) < 24 && number(text.substr(14, 2)) < 60 &&
         number(text.substr(17, 2)) < 60;
}

}  // namespace cogbuild::lock
