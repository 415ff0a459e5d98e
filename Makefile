# The daily commands. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# Maven runs on a JDK 25 where one is found, so that the formatter can read the sources; javac and the tests
# get theirs from Maven's toolchains either way.
JDK25 := $(shell bin/find-jdk 25 2>/dev/null)
ifneq ($(JDK25),)
export JAVA_HOME := $(JDK25)
endif
MVN := mvn

.PHONY: help
help: ## List these commands.
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.PHONY: jdk
jdk:
	@bin/find-jdk 25 --check

.PHONY: build
build: jdk ## Compile and package everything, without tests.
	$(MVN) -q package -DskipTests

.PHONY: format
format: jdk ## Put all Java sources into the house's format.
	$(MVN) -q spotless:apply

.PHONY: clean
clean: ## Remove what the build made.
	$(MVN) -q clean
