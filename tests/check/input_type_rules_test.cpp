#include "predictor_case.hpp"

#include <doctest/doctest.h>

namespace cogbuild::check {
namespace {

TEST_CASE("input-secret-as-string: keys, tokens and passwords") {
  CHECK(over_inputs("input-secret-as-string",
                    "        hf_token: str = \"\",\n"
                    "        openai_api_key: Optional[str] = None,\n"
                    "        password: str = \"\",\n"
                    "        huggingface_access_token: str = \"\",\n") ==
        Strings{"predict.py:7:9 `hf_token` is a secret but a plain `str`",
                "predict.py:8:9 `openai_api_key` is a secret but a plain `str`",
                "predict.py:9:9 `password` is a secret but a plain `str`",
                "predict.py:10:9 `huggingface_access_token` is a secret but a plain `str`"});
  CHECK(over_inputs("input-secret-as-string",
                    "        hf_token: Secret = None,\n"
                    "        token: str = \"\",\n"
                    "        trigger_token: str = \"\",\n"
                    "        placeholder_tokens: str = \"\",\n"
                    "        key: str = \"\",\n"
                    "        max_tokens: int = 3,\n")
            .empty());
}

TEST_CASE("input-path-as-string: pictures and recordings that are strings") {
  CHECK(over_inputs("input-path-as-string",
                    "        image_url: str,\n"
                    "        input_video: str = \"\",\n"
                    "        img: str = \"\",\n") ==
        Strings{"predict.py:7:9 `image_url` is a `str`: nobody can upload a file",
                "predict.py:8:9 `input_video` is a `str`: nobody can upload a file",
                "predict.py:9:9 `img` is a `str`: nobody can upload a file"});
  CHECK(over_inputs("input-path-as-string",
                    "        image: Path,\n"
                    "        images: List[Path],\n"
                    "        image_size: str = \"\",\n"
                    "        output_image: str = \"\",\n"
                    "        mask: str = Input(choices=[\"a\", \"b\"]),\n"
                    "        photo: str = Input(description=\"The picture in Base64\"),\n"
                    "        audio_language: str = \"\",\n")
            .empty());
}

}  // namespace
}  // namespace cogbuild::check
