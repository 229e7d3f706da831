#include "tests/support/process.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace hashprice::test {
namespace {

using Steady = std::chrono::steady_clock;

constexpr milliseconds kLook{2};  // between two looks at the child

milliseconds since(Steady::time_point start) {
    return std::chrono::duration_cast<milliseconds>(Steady::now() - start);
}

/// Memory that looks like a file: takes any amount without a reader, as a pipe would not.
int memory_file(std::string_view content) {
    const int fd = memfd_create("test", MFD_CLOEXEC);
    if (fd < 0) throw std::runtime_error("no memory file");
    if (!content.empty() &&
        ::write(fd, content.data(), content.size()) != static_cast<ssize_t>(content.size()))
        throw std::runtime_error("memory file not written");
    lseek(fd, 0, SEEK_SET);
    return fd;
}

std::string content_of(int fd) {
    struct stat info {};
    fstat(fd, &info);
    std::string text(static_cast<std::size_t>(info.st_size), '\0');
    const ssize_t got = pread(fd, text.data(), text.size(), 0);
    text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return text;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// In the child, between fork and exec: calls that a signal handler may make, and nothing else.
struct Prepared {
    char* const* arguments;
    char* const* environment;
    const char* directory;
    std::array<int, 3> streams;
    pid_t parent;
};
[[noreturn]] void become(const Prepared& p) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != p.parent) _exit(126);
    for (int fd = 0; fd < 3; ++fd) dup2(p.streams[static_cast<std::size_t>(fd)], fd);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    if (p.directory != nullptr && chdir(p.directory) != 0) _exit(126);
    execve(p.arguments[0], p.arguments, p.environment);
    _exit(127);
}

int status_of(int raw) { return WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw); }

}  // namespace

TempDir::TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hp-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = pattern;
}

TempDir::~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string TempDir::write(const std::string& name, std::string_view content) const {
    const auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    return file.string();
}

std::string read_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + file.string());
    return {std::istreambuf_iterator<char>(in), {}};
}

Process::Process(const Call& call) : out_(memory_file({})), err_(memory_file({})) {
    std::vector<std::string> arguments = call.arguments;
    std::vector<std::string> environment;
    for (const auto& [name, value] : call.environment)
        environment.emplace_back(name).append("=").append(value);
    const std::vector<char*> argv = pointers_to(arguments);
    const std::vector<char*> envp = pointers_to(environment);
    const std::string directory = call.directory.string();
    const int in = memory_file(call.input);
    const Prepared prepared{argv.data(),
                            envp.data(),
                            directory.empty() ? nullptr : directory.c_str(),
                            {in, out_, err_},
                            getpid()};
    pid_ = fork();
    if (pid_ == 0) become(prepared);
    close(in);
    if (pid_ < 0) throw std::runtime_error("no fork");
}

Process::~Process() {
    if (running()) {
        send(SIGKILL);
        wait();
    }
    close(out_);
    close(err_);
}

void Process::send(int signal) const {
    if (!status_) kill(pid_, signal);
}

std::optional<int> Process::wait(milliseconds patience) {
    const auto start = Steady::now();
    while (!status_) {
        int raw = 0;
        if (waitpid(pid_, &raw, WNOHANG) == pid_) {
            status_ = status_of(raw);
        } else if (since(start) >= patience) {
            break;
        } else {
            std::this_thread::sleep_for(kLook);
        }
    }
    return status_;
}

bool Process::says(std::string_view text, milliseconds patience) {
    const auto start = Steady::now();
    while (since(start) < patience) {
        const bool ended = !running();  // asked first: its last words count
        if (err().find(text) != std::string::npos) return true;
        if (ended) return false;
        std::this_thread::sleep_for(kLook);
    }
    return false;
}

std::string Process::out() const { return content_of(out_); }
std::string Process::err() const { return content_of(err_); }

Outcome run(const Call& call, milliseconds patience) {
    const auto start = Steady::now();
    Process process(call);
    const auto status = process.wait(patience);
    return {status.value_or(-1), status.has_value(), process.out(), process.err(), since(start)};
}

}  // namespace hashprice::test
