package myorx;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.MetadataResource;

/**
 * HAPI's validator over every JSON file of the folders given, by the base specification of R4 and our
 * own definitions; terminology offline. Fails on any error, and where it finds nothing to read.
 * A file whose name begins with "wrong-" must be found wrong: so we know that the validator looks.
 */
public final class Validate {
  private Validate() {}

  public static void main(String[] folders) throws IOException {
    FhirContext context = FhirContext.forR4();
    List<Path> files = new ArrayList<>();
    for (String folder : folders) {
      try (Stream<Path> found = Files.walk(Path.of(folder))) {
        found.filter(path -> path.toString().endsWith(".json")).sorted().forEach(files::add);
      }
    }
    FhirValidator validator = validator(context, files);
    Map<ResultSeverityEnum, Integer> counts = new EnumMap<>(ResultSeverityEnum.class);
    int failed = files.isEmpty() ? 1 : 0;
    for (Path file : files) {
      boolean wrong = file.getFileName().toString().startsWith("wrong-");
      boolean valid = true;
      List<SingleValidationMessage> messages =
          validator.validateWithResult(Files.readString(file)).getMessages();
      for (SingleValidationMessage message : messages) {
        boolean error = message.getSeverity().compareTo(ResultSeverityEnum.ERROR) >= 0;
        valid &= !error;
        if (!wrong) {
          counts.merge(message.getSeverity(), 1, Integer::sum);
          if (error || System.getenv("SHOW") != null) {
            System.out.printf(
                "%s: %s at %s: %s%n",
                file.getFileName(),
                message.getSeverity(),
                message.getLocationString(),
                message.getMessage());
          }
        }
      }
      if (valid == wrong) {
        failed++;
        if (wrong) System.out.println(file.getFileName() + ": wrong, yet found valid");
      }
    }
    System.out.printf("HAPI validator: %d files, %d failed, %s%n", files.size(), failed, counts);
    System.exit(failed == 0 ? 0 : 1);
  }

  private static FhirValidator validator(FhirContext context, List<Path> files) throws IOException {
    PrePopulatedValidationSupport own = new PrePopulatedValidationSupport(context);
    for (Path file : files) {
      if (file.getFileName().toString().matches("(wrong-.*|bundle.*|plan.*)")) continue;
      IBaseResource resource = context.newJsonParser().parseResource(Files.readString(file));
      if (resource instanceof MetadataResource) own.addResource(resource);
    }
    UnknownCodeSystemWarningValidationSupport unknown =
        new UnknownCodeSystemWarningValidationSupport(context);
    unknown.setNonExistentCodeSystemSeverity(
        ca.uhn.fhir.context.support.IValidationSupport.IssueSeverity.WARNING);
    ValidationSupportChain chain =
        new ValidationSupportChain(
            new DefaultProfileValidationSupport(context),
            own,
            new CommonCodeSystemsTerminologyService(context),
            new InMemoryTerminologyServerValidationSupport(context),
            unknown);
    return context.newValidator().registerValidatorModule(new FhirInstanceValidator(chain));
  }
}
