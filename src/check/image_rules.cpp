#include "image_rules.hpp"

#include "opened_pictures.hpp"
#include "picture_uses.hpp"
#include "rule_groups.hpp"
#include "rule_reporter.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::check {
namespace {

// A mask is grey by its nature, whatever file it comes in.
bool is_mask(const OpenedPicture& picture) {
  return picture.call.field("arguments").text().find("mask") != std::string_view::npos;
}

template <class Visit>
void for_each_picture(const Subject& subject, PictureReader reader, Visit visit) {
  const auto pictures = opened_pictures(subject);
  if (pictures.empty()) return;
  const auto& file = *subject.python_file(subject.predict->file);
  for (const auto& picture : pictures)
    if (picture.reader == reader && !is_mask(picture)) visit(picture, file);
}

void find_unconverted(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for_each_picture(
      subject, PictureReader::pillow, [&](const OpenedPicture& picture, const PythonFile& file) {
        const auto uses = uses_of(picture, file);
        if (uses.mode_handled || !uses.sensitive) return;
        report.at(
            picture.call,
            fmt::format("the picture comes to `{}` in line {} as its file has it: with alpha, "
                        "a palette or grey it has other channels than RGB",
                        uses.sensitive_name, uses.sensitive.line()),
            "add `.convert(\"RGB\")` to `Image.open(…)`, or handle alpha");
      });
}

void find_unrotated(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for_each_picture(
      subject, PictureReader::pillow, [&](const OpenedPicture& picture, const PythonFile& file) {
        if (file.mentions({"exif", "Orientation"}) || uses_of(picture, file).only_measured) return;
        report.at(picture.call,
                  "photos of phones may come out lying on their side: what EXIF says about their "
                  "orientation is ignored",
                  "wrap it: `ImageOps.exif_transpose(Image.open(…))`");
      });
}

syntax::Node flags_of(const syntax::Node& imread) {
  std::size_t position = 0;
  for (const auto& argument : syntax::arguments(imread)) {
    if (argument.name == "flags" || (argument.name.empty() && position == 1)) return argument.value;
    ++position;
  }
  return {};
}

void find_lost_alpha(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for_each_picture(
      subject, PictureReader::opencv, [&](const OpenedPicture& picture, const PythonFile& file) {
        const auto flags = flags_of(picture.call);
        if (!flags) {
          report.at(picture.call,
                    "`cv2.imread` without flags drops alpha: what is transparent gets "
                    "the colour hidden below, often black",
                    "read with `cv2.IMREAD_UNCHANGED` and put it on white, or pass "
                    "`cv2.IMREAD_COLOR` where that is meant");
          return;
        }
        if (file.names().resolve(flags) != "cv2.IMREAD_UNCHANGED") return;
        const auto source = picture.function.text();
        if (source.find("shape") != std::string_view::npos ||
            source.find("ndim") != std::string_view::npos ||
            source.find("COLOR_BGRA") != std::string_view::npos)
          return;
        report.at(picture.call,
                  "`cv2.IMREAD_UNCHANGED` gives one, three or four channels and 8 or "
                  "16 bits, and nothing looks at which",
                  "look at `.ndim`, `.shape` and `.dtype`, or read with `cv2.IMREAD_COLOR`");
      });
}

void find_unchecked(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for_each_picture(subject, PictureReader::opencv,
                   [&](const OpenedPicture& picture, const PythonFile& file) {
                     if (uses_of(picture, file).checked_for_none) return;
                     report.at(picture.call,
                               "`cv2.imread` gives None for a file it cannot read, and nothing "
                               "checks it: people see an error of the code, not of their picture",
                               "check it: `if image is None: raise ValueError(\"not a picture\")`");
                   });
}

constexpr std::array kRules = {
    Rule{.id = "image-mode",
         .group = Group::images,
         .severity = Severity::warning,
         .summary = "a picture of the caller is used without `.convert(…)`",
         .why = "`Image.open` gives what the file holds: RGB, RGBA, a palette, grey, CMYK. A model "
                "that expects three channels fails on the others, or gives nonsense.",
         .bad = "array = np.array(Image.open(image))",
         .good = "array = np.array(Image.open(image).convert(\"RGB\"))",
         .find = find_unconverted},
    Rule{.id = "image-unreadable",
         .group = Group::images,
         .severity = Severity::hint,
         .summary = "the result of `cv2.imread` is not checked",
         .why =
             "OpenCV reads neither GIF nor AVIF nor HEIC and reports no error: it gives None, and "
             "a later line fails with a message about `NoneType`.",
         .bad = "picture = cv2.imread(str(image))\nheight = picture.shape[0]",
         .good = "picture = cv2.imread(str(image))\nif picture is None:\n    raise "
                 "ValueError(\"the file is not a picture that can be read\")",
         .find = find_unchecked},
    Rule{.id = "image-cv2-flags",
         .group = Group::images,
         .severity = Severity::hint,
         .summary = "`cv2.imread` of a caller's picture loses or lets in alpha unnoticed",
         .why = "Without flags OpenCV drops the alpha channel, and transparent parts show whatever "
                "colour lies below. With IMREAD_UNCHANGED the number of channels is the file's.",
         .bad = "picture = cv2.imread(str(image))",
         .good = "picture = cv2.imread(str(image), cv2.IMREAD_COLOR)  # alpha is of no use here",
         .find = find_lost_alpha},
    Rule{.id = "image-exif",
         .group = Group::images,
         .severity = Severity::hint,
         .summary = "the orientation that a photo's EXIF data states is ignored",
         .why =
             "Phones store a photo as the sensor saw it and note how to turn it. Pillow does not "
             "turn it: the model sees people lying on their side.",
         .bad = "picture = Image.open(image).convert(\"RGB\")",
         .good = "picture = ImageOps.exif_transpose(Image.open(image)).convert(\"RGB\")",
         .find = find_unrotated},
};

}  // namespace

std::span<const Rule> image_rules() {
  static const std::vector<Rule> all = [] {
    std::vector<Rule> out(kRules.begin(), kRules.end());
    const auto sizes = image_size_rules();
    out.insert(out.end(), sizes.begin(), sizes.end());
    return out;
  }();
  return all;
}

}  // namespace cogbuild::check
