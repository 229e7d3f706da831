#pragma once
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "config/key.hpp"
#include "config/load.hpp"

namespace hashprice::config {

/// A directory of its own for each test, a home in it, and nothing of the machine's environment.
class Config : public ::testing::Test {
public:
    Config() {
        std::string pattern = (std::filesystem::temp_directory_path() / "hp-config-XXXXXX");
        dir_ = mkdtemp(pattern.data());
        request_.environment = {{"HOME", (dir_ / "home").string()}};
        request_.system_file = dir_ / "etc" / "hashprice.toml";
    }
    ~Config() override {
        std::error_code ignored;
        std::filesystem::remove_all(dir_, ignored);
    }

protected:
    std::string write(const std::string& name, std::string_view content) const {
        const auto file = dir_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << content;
        return file.string();
    }
    /// Makes `content` the file that --config names.
    std::string use(std::string_view content) {
        request_.file = write("c.toml", content);
        return request_.file->string();
    }
    void set(const std::string& name, const std::string& value) {
        request_.environment[name] = value;
    }
    /// The settings, or a failure of the test.
    Loaded loaded() const {
        auto report = examine(request_);
        for (const Problem& problem : report.problems) ADD_FAILURE() << problem.text();
        return report.loaded ? *std::move(report.loaded) : Loaded{};
    }
    /// All problems, a line each, with the path of the file as "c.toml".
    std::string problems() const {
        std::string lines;
        for (const Problem& problem : examine(request_).problems) lines += problem.text() + "\n";
        const std::string directory = dir_.string() + "/";
        for (auto at = lines.find(directory); at != std::string::npos; at = lines.find(directory)) {
            lines.erase(at, directory.size());
        }
        return lines;
    }
    std::string problems_of(std::string_view content) {
        use(content);
        return problems();
    }

    std::filesystem::path dir_;
    Request request_;
};

}  // namespace hashprice::config
