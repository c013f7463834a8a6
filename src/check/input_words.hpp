#pragma once

#include <cogbuild/schema/signature.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::check {

// The words of a name: `negative_prompt` -> negative, prompt. Empty words are left out.
std::vector<std::string_view> words_of(std::string_view name);

// The name with its shortened words written out (`n_prompt` -> `negative_prompt`, `cfg_rescale` ->
// `guidance_rescale`); the name itself where nothing is shortened, or where the short form is what
// everybody says (`fps`, `num_inference_steps`, `top_k`).
std::string full_name(std::string_view name);

// What a model is about: the prompt, the picture, the recording, the text.
bool is_main_input(std::string_view name);
// What most callers leave alone: seeds, steps, formats.
bool is_minor_input(std::string_view name);
// A number that decides how long a run takes or how much memory it needs.
bool drives_cost(std::string_view name);
// A number of denoising or sampling steps.
bool is_step_count(std::string_view name);

// Whether a caller has to give it, as its author meant it: no default was written, and null is no
// value of it. (`default=None` on a plain type makes it required too, but nobody means that.)
bool is_meant_required(const schema::Input& input);
bool is_number(const schema::Input& input);
bool is_primitive(const schema::Input& input, schema::Primitive primitive);

}  // namespace cogbuild::check
