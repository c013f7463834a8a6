#pragma once

namespace CLI {
class App;
}

namespace cogbuild::cmd {

class Session;

// Each adds its subcommand to the program; one file each, `<name>_command.cpp`.
void add_init_command(CLI::App& app, Session& session);
void add_build_command(CLI::App& app, Session& session);
void add_push_command(CLI::App& app, Session& session);
void add_report_command(CLI::App& app, Session& session);
void add_inspect_command(CLI::App& app, Session& session);
void add_cache_command(CLI::App& app, Session& session);
void add_lock_command(CLI::App& app, Session& session);
void add_schema_command(CLI::App& app, Session& session);
void add_check_command(CLI::App& app, Session& session);
void add_doctor_command(CLI::App& app, Session& session);
void add_debug_command(CLI::App& app, Session& session);

}  // namespace cogbuild::cmd
