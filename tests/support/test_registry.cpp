#include "test_registry.hpp"

#include <cogbuild/digest/hasher.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace cogbuild::testing {

namespace {

std::string decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

// The decoded values of a key in a query or form.
std::vector<std::string> values_of(std::string_view query, std::string_view key) {
  std::vector<std::string> values;
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view part = query.substr(0, end);
    if (part.starts_with(std::string(key) + "="))
      values.push_back(decode(part.substr(key.size() + 1)));
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
  }
  return values;
}

std::string value_of(std::string_view query, std::string_view key) {
  const auto values = values_of(query, key);
  return values.empty() ? std::string() : values.front();
}

std::string base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    unsigned bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8U | (i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out += i + k <= text.size() ? kDigits[bits >> (18 - 6 * k) & 63U] : '=';
  }
  return out;
}

ServerResponse error(int status, const std::string& code, const std::string& message) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json"}},
          .body = fmt::format(R"({{"errors":[{{"code":"{}","message":"{}"}}]}})", code, message)};
}

std::uint64_t announced_bytes(const ServerRequest& request) {
  return std::strtoull(request.header("content-length").c_str(), nullptr, 10);
}

// The parts of `/v2/<repository>/<kind>/<rest>`; the repository itself may hold slashes.
struct Target {
  std::string repository{};
  std::string kind{};
  std::string rest{};
};

Target target_of(const std::string& path) {
  for (const std::string_view kind : {"/blobs/uploads/", "/blobs/", "/manifests/", "/tags/list"}) {
    const auto at = path.rfind(kind);
    if (!path.starts_with("/v2/") || at == std::string::npos || at < 4) continue;
    return {.repository = path.substr(4, at - 4),
            .kind = std::string(kind),
            .rest = path.substr(at + kind.size())};
  }
  return {};
}

}  // namespace

TestRegistry::TestRegistry(RegistryOptions options) : options_(std::move(options)) {
  server_ = std::make_unique<LoopbackServer>(
      [this](const ServerRequest& request) { return handle(request); },
      ServerOptions{.plan_body = [this](const ServerRequest& head) { return plan_body(head); },
                    .on_cut_body = [this](const ServerRequest& cut) { take_cut_body(cut); }});
}

TestRegistry::~TestRegistry() = default;

std::string TestRegistry::host() const { return server_->authority(); }

std::string TestRegistry::store(const std::string& repository, std::string content) {
  std::string digest = to_string(digest::digest_of(content));
  repositories_[repository].blobs.insert(digest);
  contents_[digest] = std::move(content);
  return digest;
}

std::string TestRegistry::put_blob(const std::string& repository, std::string content) {
  const std::lock_guard lock(mutex_);
  return store(repository, std::move(content));
}

std::string TestRegistry::put_manifest(const std::string& repository, const std::string& tag,
                                       const std::string& media_type, const std::string& body) {
  const std::lock_guard lock(mutex_);
  std::string digest = to_string(digest::digest_of(body));
  Repository& entry = repositories_[repository];
  entry.manifests[digest] = body;
  entry.media_types[digest] = media_type;
  if (!tag.empty()) entry.tags[tag] = digest;
  return digest;
}

void TestRegistry::remove_blob(const std::string& repository, const std::string& digest) {
  const std::lock_guard lock(mutex_);
  repositories_[repository].blobs.erase(digest);
}

std::optional<std::string> TestRegistry::blob(const std::string& repository,
                                              const std::string& digest) const {
  const std::lock_guard lock(mutex_);
  const auto found = repositories_.find(repository);
  if (found == repositories_.end() || !found->second.blobs.contains(digest)) return std::nullopt;
  return contents_.at(digest);
}

std::optional<std::string> TestRegistry::manifest(const std::string& repository,
                                                  const std::string& reference) const {
  const std::lock_guard lock(mutex_);
  const auto found = repositories_.find(repository);
  if (found == repositories_.end()) return std::nullopt;
  const auto tag = found->second.tags.find(reference);
  const auto body =
      found->second.manifests.find(tag == found->second.tags.end() ? reference : tag->second);
  if (body == found->second.manifests.end()) return std::nullopt;
  return body->second;
}

std::size_t TestRegistry::open_uploads() const {
  const std::lock_guard lock(mutex_);
  return uploads_.size();
}

std::uint64_t TestRegistry::tokens_given() const {
  const std::lock_guard lock(mutex_);
  return tokens_.size();
}

void TestRegistry::with_faults(const std::function<void(RegistryFaults&)>& change) {
  const std::lock_guard lock(mutex_);
  change(faults_);
}

bool TestRegistry::body_is_too_large(const ServerRequest& request, std::uint64_t bytes) const {
  return (faults_.largest_body && bytes > *faults_.largest_body) ||
         (faults_.largest_chunk && request.method == "PATCH" && bytes > *faults_.largest_chunk);
}

BodyPlan TestRegistry::plan_body(const ServerRequest& head) {
  const std::lock_guard lock(mutex_);
  BodyPlan plan;
  head_seconds_[head.connection] = now();
  if (target_of(head.path()).kind != "/blobs/uploads/") return plan;
  const std::uint64_t bytes = announced_bytes(head);
  // A front end refuses such a body as soon as it has seen the head.
  if (body_is_too_large(head, bytes)) {
    plan.answer_after_bytes = 0;
  } else if (faults_.cut_upload_after && bytes > *faults_.cut_upload_after &&
             long_bodies_++ % 2 == 0) {
    plan.close_after_bytes = *faults_.cut_upload_after;
  }
  return plan;
}

void TestRegistry::take_cut_body(const ServerRequest& request) {
  const std::lock_guard lock(mutex_);
  const Target target = target_of(request.path());
  const auto upload = uploads_.find(target.rest);
  if (target.kind != "/blobs/uploads/" || upload == uploads_.end()) return;
  if (faults_.forget_cut_uploads)
    uploads_.erase(upload);
  else if (request.method == "PATCH")
    upload->second.content += request.body;
}

ServerResponse TestRegistry::handle(const ServerRequest& request) {
  const std::lock_guard lock(mutex_);
  for (ScriptedFault& fault : faults_.answers) {
    if (fault.times == 0 || (!fault.method.empty() && fault.method != request.method) ||
        request.target.find(fault.target_part) == std::string::npos)
      continue;
    if (fault.skip > 0) {
      --fault.skip;
      continue;
    }
    --fault.times;
    if (fault.after_the_fact) (void)route(request);
    return fault.response;
  }
  return route(request);
}

ServerResponse TestRegistry::route(const ServerRequest& request) {
  if (request.path() == "/token") return give_token(request);
  const Target target = target_of(request.path());
  const bool push = request.method != "GET" && request.method != "HEAD";
  if (auto refused = refuse_access(request, target.repository, push)) return *std::move(refused);
  if (request.path() == "/v2/") return {};
  if (target.kind == "/manifests/")
    return request.method == "PUT" ? take_manifest(request, target.repository, target.rest)
                                   : answer_manifest(request, target.repository, target.rest);
  if (target.kind == "/blobs/") return answer_blob(request, target.repository, target.rest);
  if (target.kind == "/blobs/uploads/" && target.rest.empty())
    return start_upload(request, target.repository);
  if (target.kind == "/blobs/uploads/")
    return continue_upload(request, target.repository, target.rest);
  return error(404, "NOT_FOUND", "no such endpoint");
}

ServerResponse TestRegistry::give_token(const ServerRequest& request) {
  const bool is_form = request.method == "POST";
  const std::string fields = is_form ? request.body : request.query();
  const bool known = is_form ? value_of(fields, "refresh_token") == options_.password
                             : request.header("authorization") ==
                                   "Basic " + base64(options_.username + ":" + options_.password);
  if (!known && (is_form || !request.header("authorization").empty() || !options_.anonymous_pull))
    return error(401, "UNAUTHORIZED", "incorrect username or password");
  Token token{.user = known ? options_.username : "",
              .expires_at = now() + options_.token_life_seconds};
  for (const std::string& scope : values_of(fields, "scope"))
    token.scope += (token.scope.empty() ? "" : " ") + scope;
  std::string name = fmt::format("token-{}", tokens_.size() + 1);
  ServerResponse response{.headers = {{"Content-Type", "application/json"}},
                          .body = fmt::format(R"({{"token":"{}","expires_in":{}}})", name,
                                              options_.token_life_seconds)};
  tokens_.emplace(std::move(name), std::move(token));
  return response;
}

std::optional<ServerResponse> TestRegistry::refuse_access(const ServerRequest& request,
                                                          const std::string& repository,
                                                          bool push) {
  const std::string authorization = request.header("authorization");
  if (options_.auth == RegistryAuth::none) return std::nullopt;
  if (options_.auth == RegistryAuth::basic) {
    if (authorization == "Basic " + base64(options_.username + ":" + options_.password))
      return std::nullopt;
    auto refused = error(401, "UNAUTHORIZED", "authentication required");
    refused.headers.emplace_back("WWW-Authenticate", "Basic realm=\"test\"");
    return refused;
  }
  const auto token =
      tokens_.find(authorization.substr(std::min<std::size_t>(authorization.size(), 7)));
  // A token must be good when the request begins, not when a long body has arrived.
  const std::string wanted = fmt::format("repository:{}:pull{}", repository, push ? ",push" : "");
  bool granted =
      token != tokens_.end() && authorization.starts_with("Bearer ") &&
      (!options_.now_seconds || head_seconds_[request.connection] < token->second.expires_at) &&
      (" " + token->second.scope).find(" " + wanted) != std::string::npos;
  if (push && granted) granted = !options_.deny_push && !token->second.user.empty();
  if (granted) return std::nullopt;
  auto refused = error(401, "UNAUTHORIZED", "authentication required");
  refused.headers.emplace_back(
      "WWW-Authenticate",
      fmt::format(R"(Bearer realm="{}",service="test",scope="{}"{})", server_->url("/token"),
                  wanted, token != tokens_.end() ? R"(,error="insufficient_scope")" : ""));
  return refused;
}

ServerResponse TestRegistry::answer_blob(const ServerRequest& request,
                                         const std::string& repository, const std::string& digest) {
  if (!repositories_[repository].blobs.contains(digest))
    return error(404, "BLOB_UNKNOWN", "blob unknown to registry");
  if (request.method == "HEAD" && faults_.head_blob_forbidden) return {.status = 403};
  if (!faults_.redirect_blobs_to.empty())
    return {.status = 307,
            .headers = {{"Location", faults_.redirect_blobs_to + request.path() + "?signature=s"}}};
  const std::string& content = contents_.at(digest);
  ServerResponse response =
      faults_.ignore_ranges ? ServerResponse{.body = content} : serve_range(request, content);
  if (faults_.flip_download_byte && !response.body.empty()) response.body[0] ^= 1;
  if (request.method == "GET" && faults_.cut_download_after &&
      response.body.size() > *faults_.cut_download_after && downloads_++ % 2 == 0)
    response.close_after_body_bytes = faults_.cut_download_after;
  return response;
}

ServerResponse TestRegistry::upload_answer(int status, const std::string& id,
                                           const Upload& upload) const {
  const std::string path = fmt::format("/v2/{}/blobs/uploads/{}", upload.repository, id);
  ServerResponse response{.status = status};
  response.headers.emplace_back("Location",
                                (faults_.relative_locations ? path : server_->url(path)) +
                                    fmt::format("?_state={}", upload.content.size()));
  response.headers.emplace_back(
      "Range", faults_.constant_range.value_or(
                   fmt::format("0-{}", upload.content.empty() ? 0 : upload.content.size() - 1)));
  if (faults_.chunk_max_length > 0)
    response.headers.emplace_back("OCI-Chunk-Max-Length", std::to_string(faults_.chunk_max_length));
  return response;
}

ServerResponse TestRegistry::start_upload(const ServerRequest& request,
                                          const std::string& repository) {
  if (request.method != "POST") return error(405, "UNSUPPORTED", "only POST starts an upload");
  const std::string mount = value_of(request.query(), "mount");
  if (!mount.empty()) {
    if (faults_.mount == MountAnswer::refused)
      return error(faults_.mount_refusal_status, "DENIED", "no mounts here");
    const auto from = repositories_.find(value_of(request.query(), "from"));
    if (faults_.mount == MountAnswer::granted && from != repositories_.end() &&
        from->second.blobs.contains(mount)) {
      repositories_[repository].blobs.insert(mount);
      return {.status = 201,
              .headers = {{"Location", fmt::format("/v2/{}/blobs/{}", repository, mount)}}};
    }
  }
  const std::string id = fmt::format("upload-{}", next_upload_++);
  const Upload& upload = uploads_[id] = Upload{.repository = repository};
  return upload_answer(202, id, upload);
}

ServerResponse TestRegistry::continue_upload(const ServerRequest& request,
                                             const std::string& repository, const std::string& id) {
  const auto found = uploads_.find(id);
  if (found == uploads_.end() || found->second.repository != repository)
    return error(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
  if (body_is_too_large(request, announced_bytes(request)))
    return faults_.largest_body && announced_bytes(request) > *faults_.largest_body
               ? ServerResponse{.status = 413, .body = "<html><h1>413 Too Large</h1></html>"}
               : error(416, "BLOB_UPLOAD_INVALID", "chunk too large");
  if (request.method == "GET")
    return faults_.no_upload_status ? error(404, "NOT_FOUND", "no status")
                                    : upload_answer(204, id, found->second);
  if (request.method == "DELETE") {
    uploads_.erase(found);
    return {.status = 204};
  }
  if (request.method == "PATCH") return append(request, id, found->second);
  if (request.method == "PUT") return close_upload(request, id);
  return error(405, "UNSUPPORTED", "no such method");
}

ServerResponse TestRegistry::append(const ServerRequest& request, const std::string& id,
                                    Upload& upload) {
  const std::string range = request.header("content-range");
  if (!range.empty()) {
    if (faults_.refuse_ranged_chunks) return error(400, "BLOB_UPLOAD_INVALID", "no chunks here");
    const std::uint64_t begin = std::strtoull(range.c_str(), nullptr, 10);
    const std::string expected = fmt::format("{}-{}", begin, begin + request.body_bytes - 1);
    if (begin != upload.content.size() || range != expected) {
      auto refused = error(416, "BLOB_UPLOAD_INVALID", "out of order");
      refused.headers = upload_answer(416, id, upload).headers;
      return refused;
    }
  }
  std::uint64_t taken = request.body.size();
  if (faults_.accept_short) {
    taken = std::min(taken, *faults_.accept_short);
    faults_.accept_short.reset();
  }
  upload.content += request.body.substr(0, static_cast<std::size_t>(taken));
  return upload_answer(202, id, upload);
}

ServerResponse TestRegistry::close_upload(const ServerRequest& request, const std::string& id) {
  const auto found = uploads_.find(id);
  const std::string digest = value_of(request.query(), "digest");
  const std::string repository = found->second.repository;
  std::string content = std::move(found->second.content);
  content += request.body;
  uploads_.erase(found);
  if (to_string(digest::digest_of(content)) != digest)
    return error(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
  store(repository, std::move(content));
  return {.status = 201,
          .headers = {{"Location", fmt::format("/v2/{}/blobs/{}", repository, digest)}}};
}

ServerResponse TestRegistry::answer_manifest(const ServerRequest&, const std::string& repository,
                                             const std::string& reference) {
  Repository& entry = repositories_[repository];
  const auto tag = entry.tags.find(reference);
  const auto found = entry.manifests.find(tag == entry.tags.end() ? reference : tag->second);
  if (found == entry.manifests.end()) return error(404, "MANIFEST_UNKNOWN", "manifest unknown");
  ServerResponse response{.headers = {{"Content-Type", entry.media_types[found->first]}},
                          .body = found->second};
  if (faults_.flip_download_byte) response.body[0] ^= 1;
  if (!faults_.no_content_digest)
    response.headers.emplace_back("Docker-Content-Digest", faults_.wrong_content_digest
                                                               ? "sha256:" + std::string(64, '0')
                                                               : found->first);
  return response;
}

ServerResponse TestRegistry::take_manifest(const ServerRequest& request,
                                           const std::string& repository,
                                           const std::string& reference) {
  Repository& entry = repositories_[repository];
  const std::string digest = to_string(digest::digest_of(request.body));
  if (reference.starts_with("sha256:") && reference != digest)
    return error(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
  // Every digest that the document names must be there.
  constexpr std::string_view kKey = "\"digest\":\"";
  for (auto at = request.body.find(kKey); at != std::string::npos;
       at = request.body.find(kKey, at + 1)) {
    const std::string named = request.body.substr(at + kKey.size(), 71);
    if (faults_.forget_blobs.erase(named) > 0) entry.blobs.erase(named);
    if (!entry.blobs.contains(named) && !entry.manifests.contains(named))
      return {
          .status = 400,
          .headers = {{"Content-Type", "application/json"}},
          .body = fmt::format(
              R"({{"errors":[{{"code":"MANIFEST_BLOB_UNKNOWN","message":"blob unknown to registry","detail":{{"digest":"{}"}}}}]}})",
              named)};
  }
  entry.manifests[digest] = request.body;
  entry.media_types[digest] = request.header("content-type");
  if (!reference.starts_with("sha256:")) entry.tags[reference] = digest;
  return {.status = 201, .headers = {{"Docker-Content-Digest", digest}}};
}

}  // namespace cogbuild::testing
