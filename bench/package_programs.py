"""What shows that a Debian package works once it is installed: commands for the shell of its root.

Each is run in a chroot as root without network, with an empty /tmp/try as working directory, and holds when it exits
with 0. A command is tried when all packages that it stands behind are installed.
"""
HELLO = r"""printf '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n' > hello.c"""
HELLO_CXX = r"""printf '#include <iostream>\nint main() { std::cout << "hello\\n"; }\n' > hello.cpp"""
HELLO_FORTRAN = r"""printf '      program hello\n      print *, "hello"\n      end\n' > hello.f"""


def loads(*libraries):
    return "python3 -c 'import ctypes; " + "; ".join(f'ctypes.CDLL("{name}")' for name in libraries) + "'"


def finds(name):
    return f"python3 -c 'import ctypes.util, sys; sys.exit(ctypes.util.find_library(\"{name}\") is None)'"


PROGRAMS = {
    "ffmpeg": ["ffmpeg -version", "ffprobe -version",
               "ffmpeg -loglevel error -f lavfi -i testsrc=d=0.2:s=64x64 -f lavfi -i sine=d=0.2 "
               "-c:v libx264 -c:a aac out.mp4 && ffprobe -loglevel error out.mp4"],
    "git": ["git --version", "git init -q . && git -c user.name=a -c user.email=b commit -q --allow-empty -m c && git log"],
    "git-lfs": ["git lfs version", "git config --system filter.lfs.process"],
    "gcc libc6-dev": [f"{HELLO} && gcc hello.c && ./a.out && cc hello.c && ./a.out && c99 hello.c"],
    "gcc": ["printf 'int f(void) { return 1; }' > f.c && cc -c f.c && gcc -c f.c"],
    "g++": [f"{HELLO_CXX} && g++ hello.cpp && ./a.out && c++ hello.cpp && ./a.out"],
    "cpp": ["echo | cpp && test -e /lib/cpp"],
    "make": [r"printf 'all:\n\techo done\n' > Makefile && make"],
    "build-essential": ["dpkg-architecture && gcc --version && g++ --version && make --version"],
    "clang libc6-dev": [f"{HELLO} && clang hello.c && ./a.out"],
    "gfortran": [f"{HELLO_FORTRAN} && gfortran hello.f && ./a.out && f77 hello.f"],
    "cmake": ["cmake --version"],
    "cmake g++ make": [f"{HELLO_CXX} && printf 'cmake_minimum_required(VERSION 3.10)\\nproject(a CXX)\\n"
                       "add_executable(a hello.cpp)\\n' > CMakeLists.txt && cmake . && make && ./a"],
    "ninja-build": ["ninja --version"],
    "pkg-config": ["pkg-config --version"],
    "pkg-config libglib2.0-dev": ["pkg-config --cflags --libs glib-2.0"],
    "pkg-config libcairo2-dev": ["pkg-config --cflags --libs cairo"],
    "pkg-config libavcodec-dev": ["pkg-config --cflags --libs libavcodec"],
    "pkg-config libeigen3-dev": ["pkg-config --cflags eigen3"],
    "pkg-config libopencv-dev": ["pkg-config --cflags --libs opencv4"],
    "curl": ["curl --version"],
    "wget": ["wget --version"],
    "unzip": ["unzip -v"],
    "zip": ["echo a > a && zip a.zip a"],
    "rsync": ["rsync --version"],
    "vim": ["vim --version && vi --version && editor --version"],
    "nano": ["nano --version && editor --version"],
    "htop": ["htop --version"],
    "jq": ["echo '{\"a\": 1}' | jq .a"],
    "aria2": ["aria2c --version"],
    "openssh-client": ["ssh -V"],
    "gnupg": ["gpg --version"],
    "sudo": ["sudo -V"],
    "numactl": ["numactl --hardware || numactl --version || test -x /usr/bin/numactl"],
    "sox": ["sox --version", "sox -n out.wav synth 0.1 sine 440 && sox out.wav -n stat"],
    "sox libsox-fmt-all": ["sox -n out.flac synth 0.1 && sox out.flac out.ogg && sox out.ogg -n stat"],
    "libsox-fmt-mp3 sox": ["sox -n out.mp3 synth 0.1 && sox out.mp3 -n stat"],
    "espeak-ng": ["espeak-ng -q --ipa hello | grep .", "espeak-ng -w out.wav hello && test -s out.wav"],
    "imagemagick": ["convert -version", "convert -size 8x8 xc:red out.png && identify out.png && convert out.png out.jpg"],
    "tesseract-ocr": ["tesseract --version", "tesseract --list-langs | grep eng"],
    "poppler-utils": ["pdftotext -v", "pdftoppm -v"],
    "graphviz": ["dot -V"],
    "default-jre-headless": ["java -version",
                             "keytool -list -cacerts -storepass changeit | grep -c trustedCertEntry | grep ..."],
    "texlive-latex-base": ["pdftex --version"],
    "xvfb": ["timeout 3 Xvfb :99 -nolisten tcp; test $? = 124"],
    "python3-dev": ["python3-config --includes && test -e $(python3-config --includes | tr ' ' '\\n' | "
                    "sed -n '1s/^-I//p')/Python.h"],
    "python3-opencv": ["/usr/bin/python3 -c 'import cv2; print(cv2.__version__)'"],
    "python3-pip": ["/usr/bin/python3 -m pip --version"],
    "nodejs": ["node -e 'console.log(1)'"],
    "npm": ["npm --version"],
    "locales": ["locale -a | grep C"],
    "dbus": ["dbus-daemon --version"],
    "swig": ["swig -version"],
    "pandoc": ["echo '*a*' | pandoc"],
    "ruby": ["ruby -e 'puts 1'"],
    "golang": ["go version"],
    "chromium": ["chromium --version"],
    "mpv": ["mpv --version"],
    "libgl1": [loads("libGL.so.1"), finds("GL")],
    "libgl1 libgl1-mesa-dri": [loads("libGLX_mesa.so.0")],
    "libegl1": [loads("libEGL.so.1")],
    "libgles2": [loads("libGLESv2.so.2")],
    "libglu1-mesa": [loads("libGLU.so.1")],
    "libsndfile1": [loads("libsndfile.so.1"), finds("sndfile")],
    "libglib2.0-0": [loads("libglib-2.0.so.0", "libgio-2.0.so.0", "libgthread-2.0.so.0")],
    "libglib2.0-0t64": [loads("libglib-2.0.so.0", "libgio-2.0.so.0", "libgthread-2.0.so.0")],
    "libmagic1": ["python3 -c 'import ctypes; m = ctypes.CDLL(\"libmagic.so.1\"); m.magic_open.restype = ctypes.c_void_p; "
                  "h = ctypes.c_void_p(m.magic_open(0)); assert m.magic_load(h, None) == 0'"],
    "libsm6": [loads("libSM.so.6")],
    "libxext6": [loads("libXext.so.6")],
    "libxrender1": [loads("libXrender.so.1")],
    "libxi6": [loads("libXi.so.6")],
    "libgomp1": [loads("libgomp.so.1")],
    "libcairo2": [loads("libcairo.so.2")],
    "libblas3": [loads("libblas.so.3")],
    "liblapack3": [loads("liblapack.so.3")],
    "libopenblas0-pthread": [loads("libopenblas.so.0", "libblas.so.3", "liblapack.so.3")],
    "libgtk-3-0": [loads("libgtk-3.so.0")],
    "libgtk-3-0t64": [loads("libgtk-3.so.0")],
    "libpq5": [loads("libpq.so.5")],
    "libgirepository-1.0-1": [loads("libgirepository-1.0.so.1")],
}
PROGRAMS["libmagic1t64"] = PROGRAMS["libmagic1"]


def programs_of(installed):
    """(what, command) of all that the packages `installed` should be able to do."""
    return [(names, command) for names, commands in PROGRAMS.items() if set(names.split()) <= set(installed)
            for command in commands]
