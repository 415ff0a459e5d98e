# The daily commands. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# Maven runs on a JDK 25 where one is found, so that the formatter can read the sources; javac and the tests
# get theirs from Maven's toolchains either way.
JDK25 := $(shell bin/find-jdk 25 2>/dev/null)
ifneq ($(JDK25),)
export JAVA_HOME := $(JDK25)
# Maven's own libraries still use sun.misc.Unsafe, which JDK 25 would remark on in each run.
export MAVEN_OPTS := $(MAVEN_OPTS) --sun-misc-unsafe-memory-access=allow
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

# What runs from source: KUBECONFIG says which cluster, ARGS adds flags (see --help).
JAVA := $(if $(JAVA_HOME),$(JAVA_HOME)/bin/java,java)
JVM_FLAGS := --enable-native-access=ALL-UNNAMED
# An agent compiles WebAssembly to large methods, which HotSpot leaves interpreted unless told otherwise, and names
# guests' files in UTF-8.
AGENT_FLAGS := $(JVM_FLAGS) -XX:-DontCompileHugeMethods

.PHONY: generate
generate: jdk ## Write what is generated from the API records: the CRDs and docs/api.md.
	$(MVN) -q -pl crds test -Dquick -Ddunlin.generate=true -Dtest=GeneratedFilesTest

.PHONY: assets
assets: ## Build the control plane that the tests use, once per machine (Go; about ten minutes).
	@e2e/kubernetes/build >/dev/null

.PHONY: test
test: jdk ## Format check, unit tests, and the same code against a real kube-apiserver.
	@e2e/kubernetes/build >/dev/null \
	  || echo "make test: no Kubernetes control plane can be had here (see above); the tests that need one are skipped" >&2
	@wasm-engine/guests/build-large
	@! command -v python3 >/dev/null || python3 -B -m unittest discover -s images --buffer
	@! command -v cargo >/dev/null || (cd wasm-engine/native/core && CARGO_TARGET_DIR=$${DUNLIN_NATIVE_HOME:-$$HOME/.cache/dunlin/native}/target-core cargo test --release --quiet --locked)
	$(MVN) verify spotless:check

# Only a KUBECONFIG that is named on the command line: an exported one is somebody's cluster.
DEMO_CLUSTER = $(if $(filter command line,$(origin KUBECONFIG)),--kubeconfig=$(KUBECONFIG))

.PHONY: demo
demo: jdk ## The whole way in one go, on this machine alone. KUBECONFIG=... on a cluster, ONCE=1 to end by itself.
	@echo "Building (once) ..."
	@$(MVN) -q -pl e2e -am package -DskipTests -Dquick
	@exec $(JAVA) $(JVM_FLAGS) -jar e2e/target/dunlin-e2e.jar $(if $(ONCE),--once) $(DEMO_CLUSTER) $(ARGS)

.PHONY: run-operator
run-operator: jdk ## Run the operator from source against the cluster of KUBECONFIG=...
	@$(MVN) -q -pl operator -am package -DskipTests -Dquick
	@exec $(JAVA) $(JVM_FLAGS) -jar operator/target/dunlin-operator.jar $(ARGS)

.PHONY: run-agent
run-agent: jdk ## Run an agent from source: NODE=name, KUBECONFIG=...
	@[ -n "$(NODE)" ] || { echo "make run-agent: which node? NODE=name" >&2; exit 2; }
	@$(MVN) -q -pl node-agent -am package -DskipTests -Dquick
	@LC_ALL=C.UTF-8 exec $(JAVA) $(AGENT_FLAGS) -jar node-agent/target/dunlin-node-agent.jar --node-name=$(NODE) $(ARGS)

# An arm64 engine is cross-built where Rust and gcc can; one line says what is missing.
OTHER_TARGET := $(if $(filter x86_64,$(shell uname -m)),aarch64,x86_64)-unknown-linux-gnu
.PHONY: images
images: jdk ## Pack operator and agent as container images in target/images. ARCHS="amd64 arm64", BASE=image, PREFIX=registry/.
	@DUNLIN_NATIVE_TARGETS="$(if $(ARCHS),$(DUNLIN_NATIVE_TARGETS),$(OTHER_TARGET))" \
	  $(MVN) -q -pl operator,node-agent -am package -DskipTests -Dquick org.cyclonedx:cyclonedx-maven-plugin:2.9.3:makeBom
	@images/build $(if $(ARCHS),--arch $(ARCHS)) $(if $(BASE),--base '$(BASE)') $(if $(PREFIX),--prefix '$(PREFIX)') $(ARGS)

.PHONY: e2e
e2e: jdk cli cluster-images ## Test the whole on a cluster with nodes: KUBECONFIG=..., LOAD='command that puts an image archive on them'.
	@e2e/cluster/run

.PHONY: cluster-demo
cluster-demo: jdk cluster-images ## From here to an answer on a cluster, each command shown. KUBECONFIG=..., LOAD=... as for e2e.
	@e2e/cluster/demo

.PHONY: cluster-images
cluster-images:
	@$(MAKE) --no-print-directory images ARCHS="$${ARCHS:-$$(case $$(uname -m) in aarch64|arm64) echo arm64;; *) echo amd64;; esac)}"

.PHONY: cli
cli: jdk ## Build the command dunlin; bin/dunlin and bin/kubectl-dunlin start it.
	@$(MVN) -q -pl cli -am package -DskipTests -Dquick
	@bin/dunlin --version

.PHONY: bench
bench: jdk assets ## Measure from creating an app to its first answer, beside the API server alone.
	@$(MVN) -q -pl e2e -am package -DskipTests -Dquick
	@exec $(JAVA) $(JVM_FLAGS) -Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener -cp 'e2e/target/dunlin-e2e.jar:e2e/target/lib/*' dev.dunlin.e2e.bench.ApplyToAnswer

.PHONY: bench-engine
bench-engine: jdk ## Measure our engines beside wasmtime, wazero, V8 and native code. QUICK=1: in five minutes.
	@$(MVN) -q -pl e2e -am package -DskipTests -Dquick
	@exec python3 bench/engine/bench.py $(if $(QUICK),--quick) $(ARGS)

.PHONY: bench-failover
bench-failover: jdk assets ## Measure what clients lose while apps change and parts die. QUICK=1: one round.
	@$(MVN) -q -pl e2e -am package -DskipTests -Dquick
	@exec $(JAVA) $(JVM_FLAGS) -Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener -cp 'e2e/target/dunlin-e2e.jar:e2e/target/lib/*' dev.dunlin.e2e.bench.failover.Failover $(if $(QUICK),--quick)

.PHONY: bench-scale
bench-scale: jdk assets ## Measure one operator with 1,000 nodes and 20,000 apps. QUICK=1: 100 and 2,000.
	@$(MVN) -q -pl e2e -am package -DskipTests -Dquick
	@exec python3 bench/scale/bench.py $(if $(QUICK),--quick) $(ARGS)

.PHONY: bench-traffic
bench-traffic: jdk assets ## Measure requests, wake, apply, neighbours and density of an agent. QUICK=1: in five minutes.
	@$(MVN) -q -pl e2e -am package -DskipTests -Dquick
	@exec python3 bench/traffic/bench.py $(if $(QUICK),--quick) $(ARGS)

.PHONY: conformance
conformance: jdk ## Run third parties' suites on both engines: SUITES=folder (docs/conformance.md says how to get them). ONLY=pattern.
	@[ -d "$(SUITES)" ] || { echo "make conformance: where are the suites? SUITES=folder (docs/conformance.md)" >&2; exit 2; }
	@tools=$$(wasm-engine/native/conformance/build) && cd wasm-engine && $(MVN) -q test -Dtest=ConformanceRun \
	  -Ddunlin.suites=$(abspath $(SUITES)) -Ddunlin.conformance.tools=$$tools $(if $(ONLY),'-Ddunlin.conformance.only=$(ONLY)')
