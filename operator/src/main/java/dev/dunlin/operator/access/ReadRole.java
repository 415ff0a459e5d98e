package dev.dunlin.operator.access;

import dev.dunlin.api.v1alpha1.Api;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The Role by which agents read, by name, what apps of a namespace refer to. Pure. */
final class ReadRole {
  static final String NAME = "dunlin-agent-reads";
  static final String LABEL = "app.kubernetes.io/managed-by";
  private static final String CONFIG_MAPS = "configmaps";
  private static final String SECRETS = "secrets";

  /** A watch of one object lists it first; both are of one name only where a right is. */
  private static final List<String> VERBS = List.of("get", "list", "watch");

  private ReadRole() {}

  static Role role(String namespace, References names, List<OwnerReference> owners) {
    var rules = new ArrayList<PolicyRule>();
    if (!names.configMaps().isEmpty()) rules.add(rule(CONFIG_MAPS, names.configMaps()));
    if (!names.secrets().isEmpty()) rules.add(rule(SECRETS, names.secrets()));
    return new RoleBuilder().withMetadata(metadata(namespace, owners)).withRules(rules).build();
  }

  private static PolicyRule rule(String resource, Collection<String> names) {
    return new PolicyRuleBuilder()
        .withApiGroups("")
        .withResources(resource)
        .withResourceNames(List.copyOf(names))
        .withVerbs(VERBS)
        .build();
  }

  static RoleBinding binding(String namespace, Account agents, List<OwnerReference> owners) {
    return new RoleBindingBuilder()
        .withMetadata(metadata(namespace, owners))
        .withNewRoleRef("rbac.authorization.k8s.io", "Role", NAME)
        .addNewSubject()
        .withKind("ServiceAccount")
        .withNamespace(agents.namespace())
        .withName(agents.name())
        .endSubject()
        .build();
  }

  private static ObjectMeta metadata(String namespace, List<OwnerReference> owners) {
    return new ObjectMetaBuilder()
        .withNamespace(namespace)
        .withName(NAME)
        .withLabels(Map.of(LABEL, Api.MANAGED_BY))
        .withOwnerReferences(owners)
        .build();
  }

  /** What a Role of ours names; nothing where it is not as this operator would write it. */
  static References named(@Nullable Role role) {
    if (role == null || role.getRules() == null) return References.NONE;
    var configMaps = new TreeSet<String>();
    var secrets = new TreeSet<String>();
    for (var rule : role.getRules()) {
      if (rule.equals(rule(CONFIG_MAPS, rule.getResourceNames())))
        configMaps.addAll(rule.getResourceNames());
      else if (rule.equals(rule(SECRETS, rule.getResourceNames())))
        secrets.addAll(rule.getResourceNames());
    }
    return new References(configMaps, secrets);
  }

  /** Whether a Role is as it would be written for these, no more and no less. */
  static boolean isOf(@Nullable Role role, References names) {
    return role != null
        && role.getRules() != null
        && role.getRules().equals(role("", names, List.of()).getRules());
  }

  static boolean isOf(@Nullable RoleBinding binding, Account agents) {
    if (binding == null) return false;
    var wanted = binding("", agents, List.of());
    return wanted.getRoleRef().equals(binding.getRoleRef())
        && wanted.getSubjects().equals(binding.getSubjects());
  }
}
