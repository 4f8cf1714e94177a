#pragma once

/// The parts of the one test program of this folder; each runs the tests of its file.
int runWindowTests(int argc, char **argv);
int runDialogTests(int argc, char **argv);
int runModelTests(int argc, char **argv);
int runAccessTests(int argc, char **argv);
int runLayoutTests(int argc, char **argv);
