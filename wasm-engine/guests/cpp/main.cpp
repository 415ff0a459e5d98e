// Does what every command among the guests does, with the containers and streams of C++.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

// Without std::fstream: zig builds its C++ library for WASI without files.
static std::optional<std::string> read(const char *path) {
  std::FILE *file = std::fopen(path, "r");
  if (!file) return std::nullopt;
  std::string text(256, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  return text;
}

int main(int argc, char **argv) {
  std::vector<std::string> args(argv + 1, argv + argc);
  std::cout << "arguments: ";
  for (size_t i = 0; i < args.size(); i++) std::cout << (i ? ", " : "") << args[i];
  const char *greeting = std::getenv("GREETING");
  std::cout << "\ngreeting: " << (greeting ? greeting : "unset") << "\n";

  std::string input{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  size_t lines = std::count(input.begin(), input.end(), '\n') + (!input.empty() && input.back() != '\n');
  std::cout << "standard input: " << input.size() << " bytes in " << lines << " lines\n";

  std::map<std::string, std::string> files;
  std::string loud = files["in.txt"] = read("/data/in.txt").value_or("missing");
  std::transform(loud.begin(), loud.end(), loud.begin(), [](unsigned char c) { return std::toupper(c); });
  std::FILE *out = std::fopen("/data/out.txt", "w");
  std::fwrite(loud.data(), 1, loud.size(), out);
  std::fclose(out);
  files["out.txt"] = read("/data/out.txt").value_or("missing");
  files["missing.txt"] = read("/data/missing.txt").value_or("entity not found\n");
  for (const char *name : {"in.txt", "out.txt", "missing.txt"}) std::cout << name << ": " << files[name];

  std::cout.flush();
  std::cerr << "a line on standard error" << std::endl;
  return args.empty() ? 0 : std::atoi(args.back().c_str());
}
