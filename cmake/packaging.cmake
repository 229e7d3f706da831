# What `cmake --install` and `cpack -G DEB` put where. docs/install.md is the page for it.
#
#   cmake --preset release && cmake --build --preset release --target hashprice
#   cpack -G DEB --config build/release/CPackConfig.cmake -B build/release
set(unit_dir lib/systemd/system)
install(FILES
    packaging/systemd/hashprice.service
    packaging/systemd/hashprice-backfill.service packaging/systemd/hashprice-backfill.timer
    packaging/systemd/hashprice-backup.service packaging/systemd/hashprice-backup.timer
    DESTINATION ${unit_dir})
install(PROGRAMS packaging/rotate-backups DESTINATION lib/hashprice)

# The settings of a machine: the example, with the one place that the package decides. Who calls
# `hashprice latest` as user hashprice so finds the daemon's database.
file(READ config/hashprice.example.toml settings)
string(REPLACE "\npath = \"\"\n" "\npath = \"/var/lib/hashprice/hashprice.db\"\n" settings "${settings}")
file(CONFIGURE OUTPUT packaging/hashprice.toml CONTENT "${settings}" @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/packaging/hashprice.toml DESTINATION /etc/hashprice)

# The binary describes itself: nothing here can fall behind its table of commands.
function(hp_install_text arguments destination)
    install(CODE "
        set(file \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${destination}\")
        get_filename_component(folder \"\${file}\" DIRECTORY)
        file(MAKE_DIRECTORY \"\${folder}\")
        execute_process(COMMAND $<TARGET_FILE:hashprice> ${arguments}
                        OUTPUT_FILE \"\${file}\" COMMAND_ERROR_IS_FATAL ANY)
        file(CHMOD \"\${file}\" PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)")
endfunction()
hp_install_text("completion bash" share/bash-completion/completions/hashprice)
hp_install_text("completion zsh" share/zsh/vendor-completions/_hashprice)
hp_install_text("completion fish" share/fish/vendor_completions.d/hashprice.fish)
hp_install_text("man" share/man/man1/hashprice.1)
install(CODE "execute_process(
    COMMAND gzip -9nf \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/share/man/man1/hashprice.1\"
    COMMAND_ERROR_IS_FATAL ANY)")

install(FILES NOTICE DESTINATION share/doc/hashprice)
install(FILES README.md DESTINATION share/doc/hashprice OPTIONAL)
install(FILES LICENSE DESTINATION share/doc/hashprice RENAME copyright)
install(DIRECTORY docs/ DESTINATION share/doc/hashprice FILES_MATCHING PATTERN "*.md")

set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # the target hashprice is all that goes in
set(CPACK_PACKAGE_NAME hashprice)
set(CPACK_PACKAGE_VENDOR "the hashprice authors")
set(CPACK_PACKAGE_CONTACT "the hashprice authors <hashprice@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "history of the Bitcoin hash price, its declines and miner economics")
set(CPACK_PACKAGE_DESCRIPTION "Records what one petahash per second of Bitcoin mining earns in a day from \
difficulty, fees and price, keeps every fact with its source, fills gaps in the past, says whether the \
hash price declines, since when and why, and serves it by HTTP, Prometheus, SQL and a dashboard.")
set(CPACK_GENERATOR DEB)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
file(CONFIGURE OUTPUT packaging/conffiles CONTENT "/etc/hashprice/hashprice.toml\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    "${PROJECT_SOURCE_DIR}/packaging/deb/postinst;${PROJECT_SOURCE_DIR}/packaging/deb/prerm;${PROJECT_SOURCE_DIR}/packaging/deb/postrm;${CMAKE_BINARY_DIR}/packaging/conffiles")
include(CPack)
