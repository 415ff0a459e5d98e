package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** A GET request to the app's own handler; no socket is opened. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record HttpGetProbe(
    @JsonPropertyDescription("Path, with a query where wanted.")
        @Default("/")
        @Size(min = 1, max = 2048)
        @Pattern("^/[!-~]*$")
        String path,
    @JsonPropertyDescription("Headers of the request; host is the Host header.") @Size(max = 32)
        List<HttpHeader> httpHeaders) {
  public HttpGetProbe {
    path = path == null ? "/" : path;
    httpHeaders = Lists.copy(httpHeaders);
  }
}
