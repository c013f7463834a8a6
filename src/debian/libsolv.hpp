#pragma once

#include <memory>

// libsolv's C headers, included here alone. A field of Solvable is named `requires`, which C++20
// keeps for itself; the library's own switch renames those fields (`dep_requires`, ...).
#ifndef LIBSOLV_SOLVABLE_PREPEND_DEP
#define LIBSOLV_SOLVABLE_PREPEND_DEP 1
#endif
extern "C" {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include <solv/pool.h>
#include <solv/poolarch.h>
#include <solv/queue.h>
#include <solv/repo.h>
#include <solv/solver.h>
#pragma GCC diagnostic pop
}

namespace cogbuild::debian {

struct FreePool {
  void operator()(::Pool* pool) const { pool_free(pool); }  // its repositories with it
};
using PoolHandle = std::unique_ptr<::Pool, FreePool>;

struct FreeSolver {
  void operator()(::Solver* solver) const { solver_free(solver); }
};
using SolverHandle = std::unique_ptr<::Solver, FreeSolver>;

// Ids, as libsolv passes them about.
class IdQueue {
 public:
  IdQueue() { queue_init(&queue_); }
  IdQueue(const IdQueue&) = delete;
  IdQueue& operator=(const IdQueue&) = delete;
  IdQueue(IdQueue&&) = delete;
  IdQueue& operator=(IdQueue&&) = delete;
  ~IdQueue() { queue_free(&queue_); }

  ::Queue* get() { return &queue_; }
  void push(::Id id) { queue_push(&queue_, id); }
  void push(::Id how, ::Id what) { queue_push2(&queue_, how, what); }
  [[nodiscard]] int size() const { return queue_.count; }
  [[nodiscard]] ::Id operator[](int i) const { return queue_.elements[i]; }

 private:
  ::Queue queue_{};
};

}  // namespace cogbuild::debian
