package dev.dunlin.e2e.app;

import dev.dunlin.e2e.cluster.OnRealApiServer;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of this class share a control plane, an operator and three agents with those of other
 * classes. Test methods ask for {@link Apps}, and for what {@link OnRealApiServer} gives.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@OnRealApiServer(controllers = true, shared = "house")
@ExtendWith(SharedHouse.class)
public @interface InSharedHouse {}
