#pragma once

#include <archive.h>

#include <memory>
#include <new>
#include <string>

namespace cogbuild::archive {

// The deleter of a C handle: `FreeWith<&archive_read_free>`.
template <auto function>
struct FreeWith {
  template <class T>
  void operator()(T* handle) const {
    function(handle);
  }
};

using ReadHandle = std::unique_ptr<::archive, FreeWith<&archive_read_free>>;

inline ReadHandle new_read_handle() {
  ReadHandle handle(archive_read_new());
  if (!handle) throw std::bad_alloc();
  return handle;
}

inline std::string last_error(::archive* handle) {
  const char* text = archive_error_string(handle);
  return text == nullptr ? "unknown error" : text;
}

}  // namespace cogbuild::archive
