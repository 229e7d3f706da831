#pragma once
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// Programs as a test starts them: nothing of the test's own environment, both outputs kept.
namespace hashprice::test {

using std::chrono::milliseconds;

constexpr milliseconds kPatience{20'000};  ///< generous: the machine may be busy

/// A directory of its own, gone with the object.
class TempDir {
public:
    TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    ~TempDir();
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    /// Writes a file of this name in it and returns its path.
    [[nodiscard]] std::string write(const std::string& name, std::string_view content) const;

private:
    std::filesystem::path path_;
};

std::string read_file(const std::filesystem::path& file);

struct Call {
    std::vector<std::string> arguments;  ///< the program's path, then what it is told
    std::map<std::string, std::string> environment;
    std::filesystem::path directory;  ///< to start it in; empty: where the test is
    std::string input;                ///< on standard input
};

struct Outcome {
    int status = -1;  ///< exit status; 128 + n when signal n ended it
    bool in_time = false;
    std::string out;
    std::string err;
    milliseconds took{};
};

/// A program that runs beside the test.
///
///   owns     the child: it is killed with this object, and with the test
///   threads  one
class Process {
public:
    explicit Process(const Call& call);
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] bool running() { return !wait(milliseconds{0}); }
    void send(int signal) const;
    /// The status (see Outcome) once it has ended; none: it still runs after `patience`.
    std::optional<int> wait(milliseconds patience = kPatience);
    /// Whether it writes `text` to standard error in time; false as soon as it ends without.
    bool says(std::string_view text, milliseconds patience = kPatience);
    [[nodiscard]] std::string out() const;
    [[nodiscard]] std::string err() const;

private:
    pid_t pid_ = -1;
    int out_ = -1;
    int err_ = -1;
    std::optional<int> status_;
};

/// Starts it and waits for its end; what takes longer than `patience` is killed.
Outcome run(const Call& call, milliseconds patience = kPatience);

}  // namespace hashprice::test
