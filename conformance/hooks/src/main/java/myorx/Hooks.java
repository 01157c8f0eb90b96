package myorx;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.model.api.IModelJson;
import ca.uhn.fhir.parser.StrictErrorHandler;
import ca.uhn.hapi.fhir.cdshooks.api.json.CdsServiceResponseJson;
import ca.uhn.hapi.fhir.cdshooks.api.json.CdsServicesJson;
import ca.uhn.hapi.fhir.cdshooks.module.CdsHooksObjectMapperFactory;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * HAPI's classes for CDS Hooks read every answer, one a line of the file given: what they do not know,
 * a word outside their lists, a resource that is not R4, or a required part that is not there is an
 * error; and what they write of it again has to be the answer. A line marked as wrong has to be refused.
 */
public final class Hooks {
  private static final Map<String, Class<? extends IModelJson>> KINDS =
      Map.of("cards", CdsServiceResponseJson.class, "discovery", CdsServicesJson.class);

  private Hooks() {}

  public static void main(String[] files) throws IOException, IllegalAccessException {
    ObjectMapper mapper = mapper();
    Map<String, Integer> counts = new TreeMap<>();
    int failed = 0;
    for (String line : Files.readAllLines(Path.of(files[0]))) {
      JsonNode told = mapper.readTree(line);
      boolean wrong = told.get("wrong").asBoolean();
      String fault = fault(mapper, told);
      counts.merge(wrong ? "wrong on purpose" : told.get("kind").asText(), 1, Integer::sum);
      if (wrong == (fault == null)) {
        failed++;
        System.out.println(told.get("name").asText() + ": " + (wrong ? "found right" : fault));
      }
    }
    boolean empty = !counts.keySet().containsAll(KINDS.keySet());
    System.out.printf("HAPI, CDS Hooks: %s answers, %d failed%n", counts, failed);
    System.exit(failed == 0 && !empty ? 0 : 1);
  }

  /** What is wrong with an answer; null where nothing is. */
  private static String fault(ObjectMapper mapper, JsonNode told) throws IllegalAccessException {
    JsonNode answer = told.get("answer");
    try {
      IModelJson read = mapper.treeToValue(answer, KINDS.get(told.get("kind").asText()));
      String missing = missing(read);
      if (missing != null) return "required, and not there: " + missing;
      JsonNode again = mapper.readTree(mapper.writeValueAsString(read));
      return again.equals(answer) ? null : "comes back as " + again;
    } catch (JsonProcessingException | RuntimeException error) {
      return error.getMessage();
    }
  }

  /** The first property that HAPI's model requires and that is not there; null where all are. */
  private static String missing(Object part) throws IllegalAccessException {
    if (part instanceof Collection<?> parts) {
      for (Object each : parts) {
        String found = missing(each);
        if (found != null) return found;
      }
    }
    if (!(part instanceof IModelJson)) return null;
    for (Field field : part.getClass().getDeclaredFields()) {
      JsonProperty property = field.getAnnotation(JsonProperty.class);
      if (property == null) continue;
      field.setAccessible(true);
      Object value = field.get(part);
      if (property.required() && (value == null || value.equals(""))) return property.value();
      String found = missing(value);
      if (found != null) return found;
    }
    return null;
  }

  private static ObjectMapper mapper() {
    FhirContext context = FhirContext.forR4();
    context.setParserErrorHandler(new StrictErrorHandler());
    return new CdsHooksObjectMapperFactory(context)
        .newMapper()
        .setSerializationInclusion(JsonInclude.Include.NON_NULL)
        .configure(JsonParser.Feature.STRICT_DUPLICATE_DETECTION, true)
        .configure(MapperFeature.ALLOW_COERCION_OF_SCALARS, false)
        .enable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
  }
}
