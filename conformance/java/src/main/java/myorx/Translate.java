package myorx;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import kotlin.Lazy;
import kotlin.LazyKt;
import org.cqframework.cql.cql2elm.CqlCompilerException;
import org.cqframework.cql.cql2elm.CqlCompilerOptions;
import org.cqframework.cql.cql2elm.CqlTranslator;
import org.cqframework.cql.cql2elm.LibraryManager;
import org.cqframework.cql.cql2elm.ModelManager;
import org.cqframework.cql.cql2elm.ucum.UcumService;
import org.fhir.ucum.Decimal;
import org.fhir.ucum.UcumEssenceService;
import org.fhir.ucum.UcumException;
import org.hl7.cql.model.NamespaceManager;
import org.hl7.elm_modelinfo.r1.ModelInfo;
import org.hl7.elm_modelinfo.r1.serializing.XmlModelInfoReaderKt;

/**
 * Translates every exported CQL library with the official translator.
 *
 * <p>Arguments: the System model info (XML) and the folder of {@code *.cql} files. Prints each error
 * with its place, then one line {@code N passed, N failed}; exits with 1 when anything failed.
 */
public final class Translate {
  private final ModelInfo systemModel;
  private final Lazy<UcumService> ucum;

  private Translate(ModelInfo systemModel, Lazy<UcumService> ucum) {
    this.systemModel = systemModel;
    this.ucum = ucum;
  }

  public static void main(String[] arguments) throws IOException {
    var modelInfo = Files.readString(Path.of(arguments[0]));
    var translate =
        new Translate(
            XmlModelInfoReaderKt.parseModelInfoXml(modelInfo), LazyKt.lazy(Translate::units));
    int passed = 0;
    int failed = 0;
    try (Stream<Path> files = Files.list(Path.of(arguments[1]))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".cql")).sorted().toList()) {
        List<String> errors = translate.errors(Files.readString(file));
        errors.forEach(error -> System.out.println(file.getFileName() + ": " + error));
        if (errors.isEmpty()) {
          passed++;
        } else {
          failed++;
        }
      }
    }
    System.out.printf("%d passed, %d failed%n", passed, failed);
    // An empty folder would prove nothing.
    System.exit(failed == 0 && passed > 0 ? 0 : 1);
  }

  /** What the translator says against one library; empty when it translates. */
  private List<String> errors(String cql) {
    var models = new ModelManager(new NamespaceManager(), false);
    models
        .getModelInfoLoader()
        .registerModelInfoProvider(model -> "System".equals(model.getId()) ? systemModel : null);
    var libraries = new LibraryManager(models, new CqlCompilerOptions(), new HashMap<>(), ucum);
    CqlTranslator translator = CqlTranslator.Companion.fromText(cql, libraries);
    return translator.getErrors().stream().map(Translate::describe).toList();
  }

  private static String describe(CqlCompilerException error) {
    var place = error.getLocator();
    return (place == null ? "" : place.toLocator() + " ") + error.getMessage();
  }

  /** UCUM from its own reference service, which the translator asks about every literal's unit. */
  private static UcumService units() {
    UcumEssenceService essence;
    try {
      essence =
          new UcumEssenceService(
              UcumEssenceService.class.getResourceAsStream("/ucum-essence.xml"));
    } catch (UcumException fault) {
      throw new IllegalStateException("UCUM definitions cannot be read", fault);
    }
    return new UcumService() {
      @Override
      public BigDecimal convert(BigDecimal value, String from, String to) {
        try {
          return new BigDecimal(essence.convert(new Decimal(value.toPlainString()), from, to).asDecimal());
        } catch (UcumException fault) {
          throw new IllegalArgumentException(from + " to " + to, fault);
        }
      }

      @Override
      public String validate(String unit) {
        return essence.validate(unit);
      }
    };
  }
}
