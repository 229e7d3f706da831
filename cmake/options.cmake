# What every target of ours is built with. Linked PRIVATE, so that nothing leaks to a user of a room.
option(HP_TESTS "build the tests" ON)
option(HP_FUZZ "instrument everything for libFuzzer (clang only)" OFF)
set(HP_SANITIZE "" CACHE STRING "value of -fsanitize=, for example address;undefined")

add_library(hp_options INTERFACE)
target_compile_features(hp_options INTERFACE cxx_std_20)
target_compile_options(hp_options INTERFACE
    -Wall -Wextra -Wno-missing-field-initializers -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -fno-math-errno
    # at -O3 g++ 12 sees uninitialized and overlapping memory where there is none (GCC bugs 105329, 105562);
    # and whoever builds a release is no tester of compilers: warnings are errors for us alone
    $<IF:$<CONFIG:Release>,-Wno-restrict$<SEMICOLON>-Wno-maybe-uninitialized,-Werror>
    $<$<CONFIG:Release>:-fstack-protector-strong;-fstack-clash-protection;-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2;-D_GLIBCXX_ASSERTIONS>)
target_link_options(hp_options INTERFACE $<$<CONFIG:Release>:-Wl,-z,relro,-z,now>)
target_include_directories(hp_options INTERFACE ${PROJECT_SOURCE_DIR})
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include(CheckPIESupported)
check_pie_supported()

if(HP_SANITIZE)
    list(JOIN HP_SANITIZE "," sanitizers)
    target_compile_options(hp_options INTERFACE
        -fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer
        # what a sanitizer adds hides from g++ 12 what is initialized
        $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    target_link_options(hp_options INTERFACE -fsanitize=${sanitizers})
endif()

if(HP_FUZZ)
    # clang is here for libFuzzer alone: it finds other warnings than the compiler we ship with
    target_compile_options(hp_options INTERFACE -fsanitize=fuzzer-no-link -Wno-error
        -fsanitize-ignorelist=${PROJECT_SOURCE_DIR}/tests/fuzz/ubsan_ignore.txt)
endif()

# hp_room(NAME SOURCES ... [PUBLIC libraries its headers name] [PRIVATE libraries only its sources use])
function(hp_room name)
    cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    add_library(hp_${name} STATIC ${ARG_SOURCES})
    target_link_libraries(hp_${name} PUBLIC ${ARG_PUBLIC} PRIVATE hp_options ${ARG_PRIVATE})
endfunction()

# hp_test(NAME SOURCES ... LIBS ... [LABELS ...]): one GoogleTest binary, one ctest entry.
#
# Labels: unit (the default: no network, seconds; run under the sanitizers too), e2e (the real
# binary), full (`./run test --full` only), house (the tree itself).
add_custom_target(unit_tests)
find_program(HP_VALGRIND valgrind)
function(hp_test name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LIBS;LABELS" ${ARGN})
    if(NOT ARG_LABELS)
        set(ARG_LABELS unit)
    endif()
    add_executable(${name}_test ${ARG_SOURCES})
    target_link_libraries(${name}_test PRIVATE hp_options ${ARG_LIBS} GTest::gmock GTest::gtest_main)
    add_test(NAME ${name} COMMAND ${name}_test --gtest_brief=1)
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT 600)
    if(NOT "unit" IN_LIST ARG_LABELS)
        return()
    endif()
    add_dependencies(unit_tests ${name}_test)
    set_tests_properties(${name} PROPERTIES COST 100)  # ctest -j starts the costly first: quick ones
    if(HP_VALGRIND AND NOT HP_SANITIZE)
        add_test(NAME ${name}_valgrind COMMAND ${HP_VALGRIND} --quiet --leak-check=full
            --error-exitcode=99 $<TARGET_FILE:${name}_test> --gtest_brief=1)
        set_tests_properties(${name}_valgrind PROPERTIES LABELS full TIMEOUT 3600)
    endif()
endfunction()
