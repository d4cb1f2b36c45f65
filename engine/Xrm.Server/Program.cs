using System.CommandLine;
using Xrm.Server.Commands;

var root = new RootCommand("Xrm: record types, screens and rules from JSON metadata.")
{
    ServeCommand.Create(),
    PlanCommand.Create(),
    TestCommand.Create(),
    ApplyCommand.Create(),
    ExportCommand.Create(),
    UsesCommand.Create(),
    BuildCommand.Create(),
    TypesCommand.Create(),
    ConvertCommand.Create(),
    TokenCommand.Create(),
    UserCommand.Create(),
    OrganisationCommand.Create(),
    AuditCommand.Create(),
    KeysCommand.Create(),
    DoctorCommand.Create(),
};
return await CommandRunner.RunAsync(root, args);
